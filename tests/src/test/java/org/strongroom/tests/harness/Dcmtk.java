package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** DCMTK as the DICOM workstation and modality. Each call has a deadline and fails on a non-zero exit status. */
public final class Dcmtk {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String STUDY_LEVEL = "QueryRetrieveLevel=STUDY";

    /** A line of dcmdump, if it is no delimiter, and of the meta group only the transfer syntax. */
    private static final Pattern ELEMENT =
            Pattern.compile(" *\\((?!0002,(?!0010)|fffe,e00d|fffe,e0dd)[0-9a-f]{4},[0-9a-f]{4}\\) ");

    private static final Pattern SOP_INSTANCE = Pattern.compile("\\(0008,0018\\) UI \\[([0-9.]+)]");
    private static final Pattern SEQUENCE =
            Pattern.compile("(\\((?:Sequence|Item|PixelSequence)) with (?:explicit|undefined) length( #=\\d+\\)).*");

    private Dcmtk() {}

    /** C-STORE of every file below {@code folder}, all uncompressed, over one association. */
    public static void store(OrthancProcess orthanc, Path folder) {
        store(orthanc.dicomPort(), "-R", folder);
    }

    /** The same from a modality with this title, which comes from this address of this machine. */
    public static Command.Result storeFrom(String title, String address, OrthancProcess orthanc, Path folder) {
        try (Detour detour = new Detour(address, orthanc.dicomPort())) {
            return scu("storescu", "-aet", title, "-R", "+sd", "+r", LOOPBACK, detour.port(), folder)
                    .run();
        }
    }

    /** Whether a C-STORE of what is below {@code folder} was acknowledged. */
    public static boolean tryStore(OrthancProcess orthanc, Path folder) {
        return scu("storescu", "-R", "+sd", "+r", LOOPBACK, orthanc.dicomPort(), folder)
                        .run()
                        .status()
                == 0;
    }

    /** What the modality notes of a C-STORE, with the status of each answer in the form {@code 0xa700}. */
    public static String storeLog(OrthancProcess orthanc, Path folder) {
        Command.Result result = scu("storescu", "-d", "-R", "+sd", "+r", LOOPBACK, orthanc.dicomPort(), folder)
                .run();
        return result.output() + result.errors();
    }

    /** The same to whoever listens at a port. {@code proposal} is storescu's option for the files' transfer syntax. */
    public static void store(int port, String proposal, Path folder) {
        scu("storescu", proposal, "+sd", "+r", LOOPBACK, port, folder).run().orFail();
    }

    /** C-FIND of all studies: DCMTK's dump of the answers. */
    public static String findStudies(OrthancProcess orthanc) {
        Command.Result found = scu("findscu", "-S", "-k", "PatientID", LOOPBACK, orthanc.dicomPort())
                .and("-k", STUDY_LEVEL, "-k", "StudyInstanceUID")
                .run()
                .orFail();
        return found.output() + found.errors();
    }

    /** C-FIND as this station, from this address of this machine; {@code keys} as findscu takes them. Its answers are in what it says. */
    public static Command.Result findFrom(String title, String address, OrthancProcess orthanc, String... keys) {
        return find("-S", title, address, orthanc, keys);
    }

    /** The same in the model whose root is the patient. */
    public static Command.Result findByPatientFrom(
            String title, String address, OrthancProcess orthanc, String... keys) {
        return find("-P", title, address, orthanc, keys);
    }

    private static Command.Result find(
            String root, String title, String address, OrthancProcess orthanc, String... keys) {
        try (Detour detour = new Detour(address, orthanc.dicomPort())) {
            Command scu = scu("findscu", "-aet", title, root);
            for (String key : keys) {
                scu = scu.and("-k", key);
            }
            return scu.and(LOOPBACK, detour.port()).run();
        }
    }

    /** C-MOVE of what {@code keys} name to {@code target}, by a station that itself listens at {@code port}. */
    public static Command.Result moveFrom(
            String title, String address, OrthancProcess orthanc, String target, int port, Path into, String... keys) {
        try (Detour detour = new Detour(address, orthanc.dicomPort());
                StoreScp station = new StoreScp(port, into)) {
            Command scu = scu("movescu", "-v", "-aet", title, "-aem", target, "-S");
            for (String key : keys) {
                scu = scu.and("-k", key);
            }
            return station.during(scu.and(LOOPBACK, detour.port()));
        }
    }

    /** C-GET of a study by a station with this title, from this address of this machine, if Orthanc gives it. */
    public static void tryGetFrom(String title, String address, OrthancProcess orthanc, String study, Path into) {
        try (Detour detour = new Detour(address, orthanc.dicomPort())) {
            scu("getscu", "-aet", title, "-S", "+B", "-od", into, "-k", STUDY_LEVEL, "-k", "StudyInstanceUID=" + study)
                    .and(LOOPBACK, detour.port())
                    .in(into)
                    .run();
        }
    }

    /** C-MOVE of a study to {@code aet}, which Orthanc must know at {@code port}; what arrived, bit by bit. */
    public static List<Path> move(OrthancProcess orthanc, String study, String aet, int port, Path into) {
        return move(orthanc, aet, port, into, STUDY_LEVEL, "StudyInstanceUID=" + study);
    }

    /** The same of some series of a study, over one association. */
    public static List<Path> moveSeries(
            OrthancProcess orthanc, String study, Collection<String> series, String aet, int port, Path into) {
        return move(
                orthanc,
                aet,
                port,
                into,
                "QueryRetrieveLevel=SERIES",
                "StudyInstanceUID=" + study,
                "SeriesInstanceUID=" + String.join("\\", series));
    }

    private static List<Path> move(OrthancProcess orthanc, String aet, int port, Path into, String... keys) {
        try (StoreScp station = new StoreScp(port, into)) {
            station.during(retrieve(scu("movescu", "-aet", aet, "-aem", aet), orthanc, keys))
                    .orFail();
        }
        return sorted(into);
    }

    /** C-GET of a study, decompressed by Orthanc where it is compressed; what arrived. */
    public static List<Path> get(OrthancProcess orthanc, String study, Path into) {
        retrieve(scu("getscu", "+B", "-od", into).in(into), orthanc, STUDY_LEVEL, "StudyInstanceUID=" + study)
                .run()
                .orFail();
        return sorted(into);
    }

    private static Command retrieve(Command scu, OrthancProcess orthanc, String... keys) {
        Command retrieve = scu.and("-S");
        for (String key : keys) {
            retrieve = retrieve.and("-k", key);
        }
        return retrieve.and(LOOPBACK, orthanc.dicomPort());
    }

    private static List<Path> sorted(Path into) {
        try (Stream<Path> all = Files.list(into)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another transfer syntax of a file, by one of DCMTK's converters: {@code dcmcjpeg}, {@code dcmcrle}, {@code dcmcjpls} … */
    public static byte[] convert(byte[] dicom, String program, String... options) {
        try (Scratch scratch = new Scratch()) {
            Path from = scratch.file("from.dcm", dicom);
            Path to = scratch.path().resolve("to.dcm");
            Command.of(program).and((Object[]) options).and(from, to).run().orFail();
            return Files.readAllBytes(to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What files say, by SOPInstanceUID: a line for each element with its whole value, also inside sequences and of private elements
     * and pixels, and one for the transfer syntax. Left out is what every program that passes an image on writes anew: the rest of the
     * meta group, and how sequences end.
     */
    public static Map<String, List<String>> dataSets(List<Path> files) {
        Map<String, List<String>> dataSets = new LinkedHashMap<>();
        String dumps =
                Command.of("dcmdump", "+L").and(files.toArray()).run().orFail().output();
        List<String> current = new ArrayList<>();
        for (String line : dumps.lines().toList()) {
            if (line.equals("# Dicom-File-Format")) {
                current = new ArrayList<>();
            } else if (ELEMENT.matcher(line).lookingAt()) {
                // An element that nobody knows, in the implicit part of an explicit file, is passed on as UN (PS3.5
                // §6.2.2).
                current.add(SEQUENCE.matcher(line).replaceAll("$1$2").replaceFirst("\\) \\?\\? ", ") UN "));
                Matcher sop = SOP_INSTANCE.matcher(line);
                if (sop.lookingAt() && dataSets.put(sop.group(1), current) != null) {
                    throw new AssertionError("twice: " + sop.group(1));
                }
            }
        }
        if (dataSets.size() != files.size()) {
            throw new AssertionError(dataSets.size() + " data sets in " + files.size() + " files");
        }
        return dataSets;
    }

    private static Command scu(String program, Object... words) {
        return Command.of(program, "-aec", "ORTHANC")
                .and(words)
                .with("TCP_NODELAY", "1")
                .within(Duration.ofMinutes(5));
    }
}
