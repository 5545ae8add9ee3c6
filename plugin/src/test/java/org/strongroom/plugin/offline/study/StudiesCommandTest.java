package org.strongroom.plugin.offline.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;

class StudiesCommandTest extends OneStudyCommands {
    @Test
    void aPatientsStudiesAreNamedByKeyAndUid() throws IOException {
        UUID second;
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            second = keyring.studyKey(bytes("P1 "), bytes("1.2.40\0")).id();
            keyring.studyKey(bytes("P2"), bytes("1.2.5"));
        }
        assertThat(run("studies", "--patient", "P1")).as(err).isZero();
        assertThat(out.lines()).containsExactly(key + " 1.2.3", second + " 1.2.40");
        assertThat(run("--json", "studies", "--study", "1.2.40")).as(err).isZero();
        assertThat(out.lines()).containsExactly(second + " 1.2.40");
        assertThat(run("studies", "--study", key.toString())).as(err).isZero();
        assertThat(out.lines()).containsExactly(key + " 1.2.3");
    }

    @Test
    void aUidThatIsNoneIsOneLineWithoutControlCharacters() throws IOException {
        UUID odd;
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            odd = keyring.studyKey(bytes("P7"), bytes("1.2\n" + key + " 6\u001b[2J"))
                    .id();
        }
        assertThat(run("studies", "--patient", "P7")).as(err).isZero();
        assertThat(out.lines())
                .singleElement()
                .asString()
                .startsWith(odd + " 1.2?")
                .matches("[0-9a-f-]{36} [0-9.?]+");
    }

    @Test
    void nobodysStudiesAreNone() {
        assertThat(run("studies", "--patient", "P9")).as(err).isZero();
        assertThat(out).isEmpty();
    }
}
