package org.strongroom.plugin.offline.shred;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.tenant.TenantKeys;

class ShredCommandsTest extends OneStudyCommands {
    private static final Pattern ID = Pattern.compile("\"erasure\":\"([0-9a-f-]{36})\"");

    @Override
    protected String more() {
        return ", \"Tenants\": {\"clinic\": {}, \"north\": {\"Sources\": {\"AETs\": [\"N\"]}}},"
                + " \"Retention\": {\"Approvers\": [\"Dr. Roe\", \"Dr. Doe\"]}";
    }

    private int order(String owner, String option, String name) {
        return run("shred", "order", option, name, "--owner", owner, "--reason", "letter of 12 May", "--json");
    }

    private String id() {
        Matcher found = ID.matcher(out);
        assertThat(found.find()).as(out + err).isTrue();
        return found.group(1);
    }

    @Test
    void anErasureIsListedAndNothingHappensUntilItIsApproved() {
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
        assertThat(order("Dr. Roe", "--patient", "P1")).as(err).isZero();
        String erasure = id();
        assertThat(out).contains("\"keys\":1", "\"tenant\":\"clinic\"");
        assertThat(run("shred", "list", "--json")).isZero();
        assertThat(out)
                .contains(
                        erasure,
                        "\"state\":\"ordered\"",
                        "\"owner\":\"Dr. Roe\"",
                        "\"reason\":\"letter of 12 May\"",
                        "\"keys\":1");
        assertThat(run("shred", "withdraw", erasure, "--owner", "Dr. Doe", "--reason", "a mistake"))
                .as(err)
                .isZero();
        assertThat(run("shred", "list")).isZero();
        assertThat(out).contains("withdrawn");
        assertThat(run("shred", "withdraw", erasure, "--owner", "Dr. Doe", "--reason", "a mistake"))
                .isEqualTo(1);
        assertThat(err).contains("no such erasure");
        assertThat(order("Dr. Roe", "--study", key.toString())).as(err).isZero();
    }

    @Test
    void aDryRunAStrangerAndWhatIsNotHereOrderNothing() {
        assertThat(run("shred", "order", "--study", "1.2.3", "--owner", "Dr. Roe", "--reason", "letter", "--dry-run"))
                .isZero();
        assertThat(out).isEqualTo("1 study key of tenant clinic would be destroyed\n");
        assertThat(order("Dr. Who", "--study", "1.2.3")).isEqualTo(1);
        assertThat(out).contains("Retention.Approvers");
        assertThat(order("Dr. Roe", "--study", "1.2.4")).isEqualTo(1);
        assertThat(out).contains("nothing of this was ever sealed");
        assertThat(run("shred", "order", "--owner", "Dr. Roe", "--reason", "letter"))
                .isNotZero();
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
    }

    @Test
    void whatMoreThanOneTenantHasIsOrderedOfOneOnly() throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            keyring.studyKey("north", bytes("P1"), bytes("1.2.3"));
            keyring.studyKey("north", bytes("P1"), bytes("1.2.4"));
        }
        for (String[] named : new String[][] {{"--study", "1.2.3"}, {"--patient", "P1"}}) {
            assertThat(order("Dr. Roe", named[0], named[1])).isEqualTo(1);
            assertThat(out).contains("more than one tenant");
        }
        assertThat(out).contains("clinic 1, north 2");
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
        assertThat(run(
                        "shred",
                        "order",
                        "--patient",
                        "P1",
                        "--tenant",
                        "north",
                        "--owner",
                        "Dr. Roe",
                        "--reason",
                        "letter"))
                .as(err)
                .isZero();
        assertThat(out).contains("of 2 study keys of tenant north is ordered");
        assertThat(run(
                        "shred",
                        "order",
                        "--study",
                        "1.2.4",
                        "--tenant",
                        "clinic",
                        "--owner",
                        "Dr. Roe",
                        "--reason",
                        "letter"))
                .as("the other tenant's")
                .isEqualTo(1);
    }

    @Test
    void aTenantIsAllThatIsItsNow() throws IOException {
        UUID given;
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            keyring.studyKey("north", bytes("P1"), bytes("1.2.3"));
            keyring.attachmentKey("north");
            given = keyring.studyKey("north", bytes("P2"), bytes("1.2.4")).id();
            try (Journal journal = Journal.open(
                    home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
                journal.assigned(
                        UUID.randomUUID(), keyring.tenantNamed("clinic").orElseThrow(), List.of(given), new byte[] {1});
            }
        }
        String[] north = {
            "shred", "order", "--tenant", "north", "--owner", "Dr. Roe", "--reason", "left us", "--dry-run"
        };
        assertThat(run(north)).as(err).isZero();
        assertThat(out).isEqualTo("2 study keys of tenant north would be destroyed\n");
        assertThat(order("Dr. Roe", "--tenant", "clinic")).as(err).isZero();
        assertThat(out).contains("\"keys\":2", "\"tenant\":\"clinic\"", "\"more\":0");
        assertThat(order("Dr. Roe", "--tenant", "south")).isEqualTo(1);
        assertThat(out).contains("no such tenant");
        assertThat(run("shred", "order", "--owner", "Dr. Roe", "--reason", "left us"))
                .as("nothing named")
                .isEqualTo(2);
    }

    @Test
    void anOrderTakesTheOldestAndSaysHowManyAreLeft() {
        List<UUID> keys = Stream.generate(UUID::randomUUID).limit(5).toList();
        ShredSelection.Selected some = ShredSelection.Selected.of(new TenantKeys("north", keys), 3);
        assertThat(some.keys()).containsExactlyElementsOf(keys.subList(0, 3));
        assertThat(some.more()).isEqualTo(2);
        assertThat(ShredSelection.Selected.of(new TenantKeys("north", keys), 5).more())
                .isZero();
    }

    @Test
    void nobodyIsOrderedByAnEmptyName() throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            keyring.studyKey(new byte[0], bytes("1.2.5"));
        }
        assertThat(order("Dr. Roe", "--patient", " ")).isEqualTo(1);
        assertThat(out).contains("has no name");
        assertThat(order("Dr. Roe", "--study", "")).isEqualTo(1);
        assertThat(out).contains("has no name");
    }

    @Test
    void aHoldComesFirst() {
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", "court", "--reason", "case 12/26"))
                .isZero();
        assertThat(order("Dr. Roe", "--patient", "P1")).isEqualTo(1);
        assertThat(out).contains("a hold is on this", "strongroom hold list");
    }

    /** Whoever approves the first order of a large tenant must not think that it was all. */
    @Test
    void whoApprovesIsToldWhatIsLeftForAnotherOrder() {
        UUID erasure = UUID.randomUUID();
        List<UUID> keys = Stream.generate(UUID::randomUUID).limit(5).toList();
        TenantKeys all = new TenantKeys("north", keys);
        ShredSelection.Selected some = ShredSelection.Selected.of(all, 3);
        assertThat(ShredApproveCommand.json(erasure, some, 3))
                .containsEntry("destroyed", 3)
                .containsEntry("more", 2);
        assertThat(ShredApproveCommand.text(erasure, some, 3))
                .startsWith("3 study keys of tenant north destroyed; 2 more are left for another order. ");
        ShredSelection.Selected whole = ShredSelection.Selected.of(all, 5);
        assertThat(ShredApproveCommand.json(erasure, whole, 5)).containsEntry("more", 0);
        assertThat(ShredApproveCommand.text(erasure, whole, 5)).startsWith("5 study keys of tenant north destroyed. ");
    }
}
