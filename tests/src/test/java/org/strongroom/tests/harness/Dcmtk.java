package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** DCMTK as the DICOM workstation and modality. Each call has a deadline and fails on a non-zero exit status. */
public final class Dcmtk {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String STUDY_LEVEL = "QueryRetrieveLevel=STUDY";

    private Dcmtk() {}

    /** C-STORE of every file below {@code folder}, all uncompressed, over one association. */
    public static void store(OrthancProcess orthanc, Path folder) {
        store(orthanc.dicomPort(), "-R", folder);
    }

    /** Whether a C-STORE of what is below {@code folder} was acknowledged. */
    public static boolean tryStore(OrthancProcess orthanc, Path folder) {
        return scu("storescu", "-R", "+sd", "+r", LOOPBACK, orthanc.dicomPort(), folder)
                        .run()
                        .status()
                == 0;
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

    /** C-MOVE of a study to {@code aet}, which Orthanc must know at {@code port}; what arrived, bit by bit. */
    public static List<Path> move(OrthancProcess orthanc, String study, String aet, int port, Path into) {
        return retrieve(scu("movescu", "-aet", aet, "-aem", aet, "+P", port, "+xa"), orthanc, study, into);
    }

    /** C-GET of a study; what arrived, bit by bit. */
    public static List<Path> get(OrthancProcess orthanc, String study, Path into) {
        return retrieve(scu("getscu"), orthanc, study, into);
    }

    private static List<Path> retrieve(Command scu, OrthancProcess orthanc, String study, Path into) {
        // With +B, movescu writes into the current folder, whatever -od says.
        scu.and("-S", "+B", "-od", into, "-k", STUDY_LEVEL, "-k", "StudyInstanceUID=" + study)
                .and(LOOPBACK, orthanc.dicomPort())
                .in(into)
                .run()
                .orFail();
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

    private static Command scu(String program, Object... words) {
        return Command.of(program, "-aec", "ORTHANC")
                .and(words)
                .with("TCP_NODELAY", "1")
                .within(Duration.ofMinutes(5));
    }
}
