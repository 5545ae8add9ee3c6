package org.strongroom.plugin.offline.export;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashSet;
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
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.core.settings.ByteSize;
import org.strongroom.plugin.export.Destination;
import org.strongroom.plugin.export.DicomDir;
import org.strongroom.plugin.export.Export;
import org.strongroom.plugin.export.LivingNames;
import org.strongroom.plugin.export.ZippedExport;
import org.strongroom.plugin.hold.Hold;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.hold.HoldOrders;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.place.SizeOption;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import org.strongroom.plugin.offline.tier.SealedEverywhere;
import org.strongroom.plugin.offline.tier.TierContents;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "export",
        description = "Write everything that Orthanc has not deleted, of a tenant, a patient or a study, as plain DICOM"
                + " files with a DICOMDIR, a manifest and SHA-256 sums, in a folder or in ZIP files. Whatever"
                + " interrupts it, the same command goes on where it was. Orthanc may run or not. Fails unless"
                + " everything was written and read back.")
public final class ExportCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private ExportSelection selection;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "A new folder, or that of an interrupted export.")
    private Path to;

    @Option(
            names = "--zip",
            description =
                    "Write a ZIP file into the folder: export.zip, with the same in it. While it is made the images"
                            + " are in the folder as well.")
    private boolean zip;

    @Option(
            names = "--zip-size",
            paramLabel = "SIZE",
            converter = SizeOption.class,
            description = "Several ZIP files, none larger than this, such as \"4 GB\": export-0001.zip and so on, each"
                    + " with a DICOMDIR and a manifest of its own. Implies --zip.")
    private ByteSize zipSize;

    @Option(
            names = "--about",
            description =
                    "With --patient or --study: write about.json as well, which says what is kept beside the images:"
                            + " whose they are, until when by which rule, and the holds on them with owner and reason."
                            + " Read it before you hand it out.")
    private boolean about;

    @Option(
            names = "--restricted",
            description = "Go on where something of it is restricted (strongroom hold add --restrict).")
    private boolean restricted;

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
            OwnedStudies.learn(place, keyring);
            ExportSelection.Selected selected = selection.keys(keyring);
            Predicate<UUID> wanted = selected.all() ? key -> true : Set.copyOf(selected.keys())::contains;
            requireMeant(place, keyring, wanted);
            LivingNames living = LivingNames.read(place.home(), keyring.home());
            Optional<byte[]> beside = about(place, keyring, selected);
            Destination export = destination(
                    folder, keyring, noDicomDir ? Optional.empty() : directory, selection.subject(selected));
            requireSame(keyring, selected, export, folder);
            beside.ifPresent(export::enclose);
            return SidecarAccess.run(session, place, main.sleeper, (sidecar, alone) -> {
                try (RecordedExport recorded = RecordedExport.begin(sidecar, selected.keys(), export)) {
                    write(session, place, sidecar, wanted, living, export);
                    recorded.end();
                    return tell(
                            session.console(), folder, export, selected.named().isPresent());
                }
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    /** What is restricted leaves only with who means it. */
    private void requireMeant(Place place, Keyring keyring, Predicate<UUID> wanted) throws IOException {
        List<UUID> restricting = HoldOrders.read(place, keyring, main.clock).open().stream()
                .filter(hold -> hold.text().restricts() && hold.held().stream().anyMatch(wanted))
                .map(Hold::id)
                .toList();
        if (!restricting.isEmpty() && !restricted) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "something of this is restricted: it is kept, and shown to nobody")
                    .with("holds", restricting)
                    .cure("If it is to be handed out all the same (to whom it is about, for example), say --restricted;"
                            + " strongroom hold list says who restricts it and why");
        }
    }

    /** What was given away since an earlier run is in no export of what somebody has now. */
    private static void requireSame(Keyring keyring, ExportSelection.Selected selected, Destination export, Path folder)
            throws IOException {
        if (selected.all()) {
            return;
        }
        Set<String> now = new HashSet<>();
        for (UUID key : selected.keys()) {
            keyring.names().study(key).map(KeyedStudy::uid).ifPresent(now::add);
        }
        if (!now.containsAll(export.studies())) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "the folder holds a study that is not part of this any more: it was given to another"
                                    + " tenant, or erased")
                    .with("--to", folder)
                    .cure("Name a new folder");
        }
    }

    private Optional<byte[]> about(Place place, Keyring keyring, ExportSelection.Selected selected) throws IOException {
        if (!about) {
            return Optional.empty();
        }
        TenantKeys studies = selected.named()
                .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "--about is about a patient or a study")
                        .cure("Name one: --patient or --study"));
        return Optional.of(KeptAbout.json(place, keyring, main.clock, selection.words(), studies));
    }

    private Destination destination(Path folder, Keyring keyring, Optional<DicomDir> directory, String subject)
            throws InterruptedIOException {
        try {
            return zip || zipSize != null
                    ? new ZippedExport(
                            folder,
                            keyring,
                            directory,
                            subject,
                            Optional.ofNullable(zipSize).map(ByteSize::bytes))
                    : new Export(folder, keyring, directory, subject);
        } catch (IOException e) {
            throw failure(to, e);
        }
    }

    /** The disk that was named, and not Home's; an interrupt is no fault of it. */
    static StrongroomException failure(Path to, IOException cause) throws InterruptedIOException {
        if (cause instanceof InterruptedIOException interrupt) {
            throw interrupt;
        }
        return cause instanceof UnreadableFileException
                ? DiskFailures.ofNamedRead("--to", to, cause, "the export cannot be read back")
                : DiskFailures.ofNamed("--to", to, cause, "the export cannot be written");
    }

    private void write(
            Session session,
            Place place,
            ControlClient sidecar,
            Predicate<UUID> wanted,
            LivingNames living,
            Destination export)
            throws IOException, InterruptedException {
        ProgressBar bar = new ProgressBar(session.console());
        try (bar) {
            SealedEverywhere everything = new SealedEverywhere(
                    TierContents.of(sidecar),
                    place.home(),
                    wanted,
                    living::isLiving,
                    StudyStatus::attachments,
                    (packs, all) -> {}); // the bar tells of bytes
            Predicate<UUID> missing = attachment -> living.isLiving(attachment) && !export.has(attachment);
            bar.show(0, 1, "looking what there is");
            long bytes = everything.plainBytes(missing);
            export.requireRoom(bytes);
            long[] done = new long[1];
            everything.each(
                    missing,
                    (header, places) -> {
                        try {
                            export.write(header, places);
                        } catch (IOException e) {
                            throw failure(to, e);
                        }
                        done[0] += header.plainSize();
                        bar.show(done[0], bytes, Amounts.bytes(done[0]) + " written");
                    },
                    (study, files, reason) -> export.failed(files, reason));
            try {
                export.finish((files, all) -> bar.show(files, all, "reading back"));
            } catch (IOException e) {
                throw failure(to, e);
            }
        }
    }

    /** @param named whether it is of a patient or a study */
    private int tell(Console console, Path folder, Destination export, boolean named) {
        boolean whole = export.failures().isEmpty();
        boolean described = !noDicomDir && export.images() > 0;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("whole", whole);
        json.put("to", folder.toString());
        json.put("images", export.images());
        json.put("bytes", export.bytes());
        json.put("written", export.written());
        json.put("dicomdir", described);
        json.put("listed", export.listed());
        json.put("zips", export.zips());
        json.put("failures", export.failures());
        console.object(json);
        export.failures().forEach((reason, count) -> console.line(count + " not exported: " + reason));
        console.line(Amounts.count(export.images(), "image") + ", " + Amounts.bytes(export.bytes()) + ", in " + folder
                + (export.zips().isEmpty() ? "" : ": " + String.join(", ", export.zips()))
                + (described ? ", with DICOMDIR" : "")
                + (export.zips().isEmpty() ? ", manifest.jsonl" : "") + " and SHA256SUMS");
        if (export.oversized() > 0) {
            console.line(Amounts.count(export.oversized(), "ZIP") + " larger than --zip-size, for one file in it is");
        }
        if (described && export.listed() < export.images()) {
            console.line(Amounts.count(export.images() - export.listed(), "image")
                    + " of kinds that dcmmkdir does not list are in the manifest, and not in the DICOMDIR");
        }
        if (named) {
            console.line(
                    "What users attached in Orthanc is not in it: those files have keys of their own, and only Orthanc"
                            + " knows whose they are. Take them from Orthanc, or of everything with --all");
        }
        console.line(whole ? "Whole, and read back." : "Not whole. Run the same command again.");
        return whole ? Console.DONE : Console.NOT_DONE;
    }
}
