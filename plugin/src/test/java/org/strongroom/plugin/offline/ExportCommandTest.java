package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** What is exported, and whose it is, before anything is written. */
class ExportCommandTest extends OneStudyCommands {
    private UUID norths;
    private UUID given;
    private UUID attachment;

    /** P1 is known to both tenants; what north had of P2 was given to clinic. */
    @BeforeEach
    void twoTenants() throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            norths = keyring.studyKey("north", bytes("P1"), bytes("1.2.30")).id();
            given = keyring.studyKey("north", bytes("P2"), bytes("1.2.4")).id();
            attachment = keyring.attachmentKey("north").id();
            try (Journal journal = Journal.open(
                    home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
                UUID clinic = keyring.tenantNamed("clinic").orElseThrow();
                journal.assigned(UUID.randomUUID(), clinic, List.of(given), new byte[] {1});
            }
        }
    }

    @Command
    private static final class Selecting {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private ExportSelection selection;
    }

    private static ExportSelection parsed(String... options) {
        Selecting selecting = new Selecting();
        new CommandLine(selecting).parseArgs(options);
        return selecting.selection;
    }

    private List<UUID> selected(String... options) throws IOException {
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            Assignments assignments = new Assignments(keyring);
            Journal.read(home.journal(), keyring.home(), (entry, chain) -> assignments.replay(entry));
            return parsed(options).keys(keyring).keys();
        }
    }

    @Test
    void aTenantHasWhatIsItsNow() throws IOException {
        assertThat(selected("--tenant", "north")).containsExactlyInAnyOrder(norths, attachment);
        assertThat(selected("--tenant", "clinic")).containsExactlyInAnyOrder(key, given);
        assertThat(selected("--all", "--tenant", "clinic")).containsExactlyInAnyOrder(key, given);
        assertThat(selected("--patient", "P2")).containsExactly(given);
        assertThat(selected("--patient", "P1", "--tenant", "north")).containsExactly(norths);
        assertThat(selected("--study", "1.2.3", "--tenant", "clinic")).containsExactly(key);
        assertThat(selected("--all")).as("whoever's").isEmpty();
    }

    @Test
    void aNumberThatTwoTenantsKnowIsNobodysUntilItIsSaidWhose() {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> selected("--patient", "P1"))
                .withMessageContaining("more than one tenant");
        for (String[] nothing :
                new String[][] {{"--patient", "P2", "--tenant", "north"}, {"--study", "1.2.9"}, {"--tenant", "south"}
                }) {
            assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> selected(nothing));
        }
    }

    @Test
    void theManifestSaysWhatWasAskedFor() {
        assertThat(parsed("--all").words()).isEqualTo("all");
        assertThat(parsed("--tenant", "north").words()).isEqualTo("tenant north");
        assertThat(parsed("--patient", "P1").words()).isEqualTo("patient P1");
        assertThat(parsed("--study", "1.2.3", "--tenant", "north").words()).isEqualTo("study 1.2.3 of tenant north");
    }

    @Test
    void whoNamesNothingOrTwoThingsExportsNothing() {
        String to = folder.resolve("out").toString();
        assertThat(run("export", "--to", to, "--no-dicomdir")).isEqualTo(2);
        assertThat(run("export", "--all", "--patient", "P1", "--to", to, "--no-dicomdir"))
                .isEqualTo(2);
        assertThat(run("export", "--all", "--zip-size", "much", "--to", to, "--no-dicomdir"))
                .isEqualTo(2);
        assertThat(run("export", "--patient", "P1", "--to", to, "--no-dicomdir"))
                .isEqualTo(1);
        assertThat(err).contains("--tenant NAME");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
