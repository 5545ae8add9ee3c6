package org.strongroom.plugin.offline.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.retention.Matches;

class HoldCommandsTest extends OneStudyCommands {
    private static final Pattern ID = Pattern.compile("\"hold\":\"([0-9a-f-]{36})\"");

    private int add(String option, String name) {
        return run("hold", "add", option, name, "--owner", "Dr. Roe", "--reason", "case 12/26", "--json");
    }

    private String id() {
        Matcher found = ID.matcher(out);
        assertThat(found.find()).as(out + err).isTrue();
        return found.group(1);
    }

    @Test
    void aHoldIsListedUntilItIsRemoved() {
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
        assertThat(add("--patient", "P1")).as(err).isZero();
        String hold = id();
        assertThat(out).contains("\"keys\":1");
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out)
                .contains(
                        hold,
                        "\"kind\":\"patient\"",
                        "\"name\":\"P1\"",
                        "\"owner\":\"Dr. Roe\"",
                        "\"reason\":\"case 12/26\"");
        assertThat(run("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled"))
                .as(err)
                .isZero();
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
        assertThat(run("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled"))
                .isEqualTo(1);
        assertThat(err).contains("no such hold");
    }

    @Test
    void aStudyATenantAndWhatIsNotHere() {
        assertThat(add("--study", "1.2.3")).as(err).isZero();
        assertThat(add("--study", key.toString())).as(err).isZero();
        assertThat(add("--tenant", "clinic")).as(err).isZero();
        for (String option : new String[] {"--study", "--patient", "--tenant"}) {
            assertThat(add(option, "nobody")).isEqualTo(1);
            assertThat(out).contains("nothing of this was ever sealed here");
        }
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out.split("\"kind\"", -1)).hasSize(4);
    }

    @Test
    void aQueryOfANamedThingOrOfNothingHoldsNothing() {
        assertThat(add("--from", "2024-02-30")).isEqualTo(2);
        assertThat(run("hold", "add", "--owner", "Dr. Roe", "--reason", "case")).isEqualTo(2);
        for (String[] more : new String[][] {{"--tenant", "clinic"}, {"--modality", "MG"}}) {
            assertThat(run("hold", "add", "--study", "1.2.3", more[0], more[1], "--owner", "x", "--reason", "x"))
                    .isEqualTo(1);
            assertThat(err).contains("held as a whole");
        }
        assertThat(run("hold", "add", "--from", "2024-02-03", "--to", "2024-02-02", "--owner", "x", "--reason", "x"))
                .isEqualTo(1);
        assertThat(err).contains("--to is before --from");
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
    }

    @Test
    void whatAQueryOnlyMayMeanIsCountedApart() {
        UUID hold = UUID.randomUUID();
        List<UUID> one = List.of(UUID.randomUUID());
        List<UUID> two = List.of(UUID.randomUUID(), UUID.randomUUID());
        assertThat(HoldAddCommand.told(hold, new Matches(two, List.of()), Map.of()))
                .containsExactly("Hold " + hold + " on 2 study keys");
        assertThat(HoldAddCommand.told(hold, new Matches(one, two), Map.of()))
                .containsExactly(
                        "Hold " + hold + " on 3 study keys: 1 match, 2 may, for they do not tell or cannot be read");
        assertThat(HoldAddCommand.told(hold, new Matches(List.of(), two), Map.of("offline", 2L)))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("0 match, 2 may"))
                .anySatisfy(line -> assertThat(line).startsWith("No study matches for certain"));
    }

    @Test
    void nobodyHoldsWithoutSayingWhoAndWhy() {
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", "Dr. Roe")).isEqualTo(2);
        assertThat(run("hold", "add", "--study", "1.2.3", "--reason", "case")).isEqualTo(2);
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", " ", "--reason", "case"))
                .isEqualTo(1);
    }

    @Test
    void aRunningOrthancIsAskedAndNobodyElseWritesItsJournal() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(add("--study", "1.2.3")).isEqualTo(1); // nothing answers here
        }
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
    }
}
