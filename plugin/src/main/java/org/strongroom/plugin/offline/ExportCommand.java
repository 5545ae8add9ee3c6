package org.strongroom.plugin.offline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.export.DicomDir;
import org.strongroom.plugin.export.Export;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.keys.Keyring;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "export",
        description = "Write everything that Orthanc has not deleted, a patient or a study, as plain DICOM files with a"
                + " DICOMDIR, a manifest and SHA-256 sums. Whatever interrupts it, the same command goes on where"
                + " it was. Orthanc may run or not. Fails unless everything was written and read back.")
final class ExportCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @ArgGroup(multiplicity = "1")
    private Selection selection;

    /** What is exported. */
    static final class Selection {
        @Option(names = "--all", description = "Everything.")
        private boolean all;

        @Option(names = "--patient", paramLabel = "ID", description = "All studies of the patient with this PatientID.")
        private String patient;

        @Option(
                names = "--study",
                paramLabel = "STUDY",
                description = "One study: StudyInstanceUID, Orthanc's id of the study, or key id.")
        private String study;

        private String words() {
            return all ? "all" : patient != null ? "patient " + patient : "study " + study;
        }

        /** None: everything. */
        private List<UUID> keys(Keyring keyring) throws IOException {
            if (all) {
                return List.of();
            }
            List<UUID> keys = patient != null ? keyring.patientKeys(patient) : keyring.studyKeys(study);
            if (keys.isEmpty()) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing of this was ever sealed here")
                        .cure("Name it as Orthanc shows it; what Orthanc stored before Strongroom is in clear in its"
                                + " StorageDirectory, and not exported");
            }
            return keys;
        }
    }

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "A new folder, or that of an interrupted export.")
    private Path to;

    @Option(names = "--no-dicomdir", description = "Make no DICOMDIR (it needs dcmmkdir of DCMTK).")
    private boolean noDicomDir;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Optional<DicomDir> directory = DicomDir.installed(session.environment().getOrDefault("PATH", ""));
        if (!noDicomDir && directory.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.NOT_FOUND, "dcmmkdir, which makes the DICOMDIR, is not on this machine")
                    .cure("Install it (Debian: apt install dcmtk), or go without: --no-dicomdir");
        }
        Place place = Place.of(session);
        Path folder = to.toAbsolutePath().normalize();
        if (folder.startsWith(place.home().root())) {
            throw StrongroomException.of(FailureKind.REFUSED, "plain images do not belong into Home")
                    .with("--to", folder)
                    .cure("Name a folder elsewhere");
        }
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock)) {
            List<UUID> keys = selection.keys(keyring);
            Set<UUID> some = Set.copyOf(keys);
            Predicate<UUID> wanted = key -> some.isEmpty() || some.contains(key);
            LivingNames living = LivingNames.read(place.home(), keyring.home());
            Export export = new Export(folder, keyring, selection.words());
            return SidecarAccess.run(session, place, main.sleeper, (sidecar, alone) -> {
                try (RecordedExport recorded = RecordedExport.begin(sidecar, keys, export)) {
                    write(session, place, sidecar, wanted, living, export);
                    boolean described = !noDicomDir && export.images() > 0;
                    long listed = described ? directory.orElseThrow().make(folder) : 0;
                    recorded.end();
                    return tell(session.console(), folder, export, described, listed);
                }
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static void write(
            Session session,
            Place place,
            ControlClient sidecar,
            Predicate<UUID> wanted,
            LivingNames living,
            Export export)
            throws IOException {
        ProgressBar bar = new ProgressBar(session.console());
        try (bar) {
            SealedEverywhere everything = new SealedEverywhere(
                    TierContents.of(sidecar), place.home(), wanted, living::isLiving, StudyStatus::instances);
            Predicate<UUID> missing = attachment -> living.isLiving(attachment) && !export.has(attachment);
            bar.show(0, 1, "looking what there is");
            long bytes = everything.plainBytes(missing);
            export.requireRoom(bytes);
            long[] done = new long[1];
            everything.each(
                    missing,
                    (header, places) -> {
                        export.write(header, places);
                        done[0] += header.plainSize();
                        bar.show(done[0], bytes, Amounts.bytes(done[0]) + " written");
                    },
                    (study, files, reason) -> export.failed(files, reason));
            export.verify((files, all) -> bar.show(files, all, "reading back"));
        }
    }

    private static int tell(Console console, Path folder, Export export, boolean described, long listed) {
        boolean whole = export.failures().isEmpty();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("whole", whole);
        json.put("to", folder.toString());
        json.put("images", export.images());
        json.put("bytes", export.bytes());
        json.put("written", export.written());
        json.put("dicomdir", described);
        json.put("listed", listed);
        json.put("failures", export.failures());
        console.object(json);
        export.failures().forEach((reason, count) -> console.line(count + " not exported: " + reason));
        console.line(Amounts.count(export.images(), "image") + ", " + Amounts.bytes(export.bytes()) + ", in " + folder
                + (described ? ", with DICOMDIR" : "") + ", manifest.jsonl and SHA256SUMS");
        if (described && listed < export.images()) {
            console.line(Amounts.count(export.images() - listed, "image")
                    + " of kinds that dcmmkdir does not list are in the manifest, and not in the DICOMDIR");
        }
        console.line(whole ? "Whole, and read back." : "Not whole. Run the same command again.");
        return whole ? Console.DONE : Console.NOT_DONE;
    }
}
