package org.strongroom.plugin.offline.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.codec.EncodeEffort;
import org.strongroom.plugin.export.Export;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import org.strongroom.plugin.seal.SealRequest;
import org.strongroom.plugin.seal.Sealed;
import org.strongroom.plugin.seal.Sealer;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** What is exported, and whose it is, before anything is written. */
class ExportCommandTest extends OneStudyCommands {
    private UUID norths;
    private UUID given;
    private UUID attachment;

    @Override
    protected String more() {
        return ", \"Tenants\": {\"clinic\": {}, \"north\": {\"Sources\": {\"AETs\": [\"N\"]}}}";
    }

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
    void theManifestSaysWhoseItIsEvenIfNobodyAsked() {
        TenantKeys norths = new TenantKeys("north", List.of(UUID.randomUUID()));
        ExportSelection.Selected found = new ExportSelection.Selected(norths.keys(), Optional.of(norths));
        assertThat(parsed("--patient", "P2").subject(found)).isEqualTo("patient P2 of tenant north");
        assertThat(parsed("--patient", "P2", "--tenant", "north").subject(found))
                .isEqualTo("patient P2 of tenant north");
        assertThat(parsed("--all").subject(new ExportSelection.Selected(List.of(), Optional.empty())))
                .isEqualTo("all");
    }

    /** An image of a new study of north's; it was exported, and the command interrupted. */
    private UUID exported(Path to, String subject) throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            StudyKey mine = keyring.studyKey("north", bytes("P3"), bytes("1.2.5"));
            byte[] image = SyntheticDicom.ct()
                    .size(16, 16)
                    .patient("P3")
                    .study("1.2.5")
                    .series("1.2.5.1")
                    .sop("1.2.5.1.1")
                    .toBytes();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            SealRequest request = new SealRequest(
                    keyring.installation(),
                    UUID.randomUUID(),
                    mine.tenant(),
                    mine.id(),
                    Tag16.NONE,
                    1,
                    Attachment.DICOM,
                    ByteSource.of(image),
                    0,
                    null);
            Sealed sealed = new Sealer(new SecureRandom())
                    .seal(request, mine.key(), Channels.newChannel(file), EncodeEffort.IMAGE);
            Export export = new Export(to, keyring, Optional.empty(), subject);
            export.write(sealed.header(), List.of(() -> ByteSource.of(file.toByteArray())));
            assertThat(export.studies()).containsExactly("1.2.5");
            return mine.id();
        }
    }

    private void give(UUID study, String tenant) throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC());
                Journal journal = Journal.open(
                        home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
            UUID id = keyring.tenantNamed(tenant).orElseThrow();
            journal.assigned(UUID.randomUUID(), id, List.of(study), new byte[] {1});
        }
    }

    @Test
    void whatWasGivenAwaySinceIsInNoExportOfWhoHadIt() throws IOException {
        Path to = folder.resolve("out");
        UUID study = exported(to, "tenant north");
        String[] again = {"export", "--tenant", "north", "--to", to.toString(), "--no-dicomdir"};
        run(again);
        assertThat(err).as("it is north's").doesNotContain("not part of this any more");
        give(study, "clinic");
        assertThat(run(again)).isEqualTo(1);
        assertThat(err).contains("not part of this any more", "Name a new folder");
    }

    @Test
    void aPatientWhoWasGivenAwaySinceIsAnotherExport() throws IOException {
        Path to = folder.resolve("out");
        UUID study = exported(to, "patient P3 of tenant north");
        String[] again = {"export", "--patient", "P3", "--to", to.toString(), "--no-dicomdir"};
        run(again);
        assertThat(err).as("it is north's").doesNotContain("another export");
        give(study, "clinic");
        assertThat(run(again)).isEqualTo(1);
        assertThat(err).contains("another export", "Name a new folder");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamedAndIsNotHome() throws IOException {
        Path to = Files.writeString(folder.resolve("file"), "").resolve("out");
        for (List<String> more : List.of(List.<String>of(), List.of("--zip"))) {
            List<String> line = new ArrayList<>(List.of("export", "--all", "--to", to.toString(), "--no-dicomdir"));
            line.addAll(more);
            assertThat(run(line.toArray(String[]::new))).isEqualTo(1);
            assertThat(err)
                    .contains("the export cannot be written", "--to: " + to, "Name a folder that")
                    .doesNotContain("Home");
        }
    }

    @Test
    void whatFailsIsToldAsWhatItIs() throws IOException {
        try (FileSource noFile = FileSource.open(folder)) {
            assertThat(ExportCommand.failure(folder, reading(noFile)))
                    .hasMessageContaining("the export cannot be read back")
                    .hasMessageNotContaining("may write to");
        }
        assertThatExceptionOfType(InterruptedIOException.class)
                .isThrownBy(() -> ExportCommand.failure(folder, new InterruptedIOException()));
    }

    private static IOException reading(FileSource noFile) {
        return catchThrowableOfType(IOException.class, () -> noFile.read(0, new byte[1], 0, 1));
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
