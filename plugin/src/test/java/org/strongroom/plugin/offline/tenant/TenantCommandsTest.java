package org.strongroom.plugin.offline.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;

/** Beside the study of before there were tenants: one in quarantine by a new CT, one by it and another, one of south's. */
class TenantCommandsTest extends OneStudyCommands {
    private UUID waiting;
    private Path arrivals;

    @Override
    protected String more() {
        return ", \"Tenants\": {\"north\": {\"Sources\": {\"AETs\": [\"NORTH_CT\"]}}, \"south\": {\"Sources\": {\"AETs\": [\"SOUTH_CT\"]}}}, \"Access\": {\"Users\": {\"admin\":"
                + " {\"Roles\": [\"administrator\"], \"PasswordEnv\": \"P\"}}}";
    }

    @BeforeEach
    void studies() throws IOException {
        UUID mixed;
        UUID souths;
        Set<String> tenants = Set.of("north", "south", "quarantine");
        try (Keyring keyring = Keyring.open(home, source, tenants, Clock.systemUTC())) {
            waiting =
                    keyring.studyKey("quarantine", bytes("P2"), bytes("1.2.4")).id();
            mixed = keyring.studyKey("quarantine", bytes("P3"), bytes("1.2.5")).id();
            souths = keyring.studyKey("south", bytes("P4"), bytes("1.2.6")).id();
            keyring.studyKey("south", bytes("P5"), bytes("1.2.7"));
            keyring.studyKey("north", bytes("P5"), bytes("1.2.7"));
        }
        arrivals = Files.writeString(
                folder.resolve("arrivals"),
                waiting + " NEW CT\n" + mixed + " NEW CT\n" + mixed + " OLD_US\n" + souths + " SOUTH_CT\n");
    }

    private int assign(String... more) {
        String[] line = new String[more.length + 8];
        String[] first = {"tenant", "assign", "--by", "Dr. Roe", "--reason", "new CT", "--arrivals", arrivals.toString()
        };
        System.arraycopy(first, 0, line, 0, first.length);
        System.arraycopy(more, 0, line, first.length, more.length);
        return run(line);
    }

    private String list(String tenant) {
        assertThat(run("tenant", "list", "--tenant", tenant)).as(err).isZero();
        return out;
    }

    @Test
    void itTellsWhoseStudiesAreAndWhoSentThem() {
        assertThat(run("tenant", "list", "--arrivals", arrivals.toString()))
                .as(err)
                .isZero();
        assertThat(out)
                .isEqualTo(
                        "clinic: 1 study\nquarantine: 2 studies (NEW CT 2, OLD_US 1)\nsouth: 2 studies (SOUTH_CT 1)\n");
        assertThat(run("tenant", "list", "--tenant", "quarantine", "--arrivals", arrivals.toString(), "--json"))
                .isZero();
        assertThat(out).contains("\"study\":\"1.2.4\"", "\"sentBy\":[\"NEW CT\",\"OLD_US\"]", waiting.toString());
    }

    @Test
    void whatANewModalityHasSentIsGivenToItsClinicButForWhatOthersHaveSentToo() {
        assertThat(assign("--source", "NEW CT", "--to", "north", "--dry-run")).isEqualTo(1);
        assertThat(out).contains("Would go from quarantine to north: 1.2.4", "Stays: 1.2.5, others have sent");
        assertThat(list("north")).doesNotContain("1.2.4");
        assertThat(assign("--source", "NEW CT", "--to", "north")).isEqualTo(1);
        assertThat(out).contains("Goes from quarantine to north: 1.2.4", "Stays: 1.2.5");
        assertThat(list("north")).contains("1.2.4").doesNotContain("1.2.5");
        assertThat(list("quarantine")).contains("1.2.5").doesNotContain("1.2.4");
        assertThat(assign("--study", "1.2.5", "--to", "north")).as(err).isZero();
        assertThat(assign("--source", "NEW CT", "--to", "north")).isZero();
        assertThat(out).isEqualTo("Nothing of it is to be given to north\n");
    }

    @Test
    void aHoldOnTheClinicIsOnWhatWasGivenToIt() {
        assertThat(assign("--study", "1.2.4", "--to", "north")).as(err).isZero();
        assertThat(run("hold", "add", "--tenant", "north", "--owner", "Dr. Roe", "--reason", "case"))
                .as(err)
                .isZero();
        assertThat(run("hold", "list", "--json")).as(err).isZero();
        assertThat(out).as("the clinic, and what was given to it").contains("\"keys\":2");
    }

    @Test
    void whatWasHereBeforeThereWereTenantsIsGivenWithoutMore() {
        assertThat(assign("--study", key.toString(), "--to", "south")).as(err).isZero();
        assertThat(list("south")).contains("1.2.3");
    }

    @Test
    void anothersIsGivenOnlyIfSomebodySaysThatItIsMeant() {
        assertThat(assign("--study", "1.2.6", "--study", "1.2.4", "--to", "north"))
                .isEqualTo(1);
        assertThat(err).contains("--from south").contains("nothing was done");
        assertThat(list("quarantine")).contains("1.2.4");
        assertThat(assign("--study", "1.2.6", "--to", "north", "--from", "quarantine"))
                .isEqualTo(1);
        assertThat(assign("--study", "1.2.6", "--to", "north", "--from", "south"))
                .as(err)
                .isZero();
        assertThat(list("north")).contains("1.2.6");
    }

    @Test
    void whatTwoHaveAPartInStays() {
        assertThat(assign("--study", "1.2.7", "--to", "north", "--from", "south"))
                .isEqualTo(1);
        assertThat(err).contains("something of it is north's");
        assertThat(list("south")).contains("1.2.7", "something of it is north's");
    }

    @Test
    void nobodyGivesWithoutSayingWhoAndWhyOrToWhoIsNoTenant() {
        assertThat(run("tenant", "assign", "--study", "1.2.4", "--to", "north", "--by", "x"))
                .isEqualTo(2);
        assertThat(run("tenant", "assign", "--study", "1.2.4", "--to", "north", "--reason", "x"))
                .isEqualTo(2);
        assertThat(run("tenant", "assign", "--to", "north", "--reason", "x", "--by", "x"))
                .isEqualTo(2);
        assertThat(assign("--study", "1.2.4", "--to", "nobody")).isEqualTo(1);
        assertThat(err).contains("no such tenant");
        assertThat(assign("--study", "1.2.4", "--to", "quarantine")).isEqualTo(1);
        assertThat(assign("--study", "9.9", "--to", "north")).isEqualTo(1);
        assertThat(err).contains("nothing of this was ever sealed here");
    }

    @Test
    void aRunningOrthancIsAskedAndNobodyElseWritesItsJournal() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(assign("--study", "1.2.4", "--to", "north")).isEqualTo(1); // nothing answers here
        }
        assertThat(list("quarantine")).contains("1.2.4");
    }
}
