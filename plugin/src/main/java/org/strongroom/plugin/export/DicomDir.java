package org.strongroom.plugin.export;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The index of a DICOM file-set (PS3.3 F), made by DCMTK's {@code dcmmkdir}. Immutable. */
public final class DicomDir {
    static final String NAME = "DICOMDIR";
    /** ReferencedFileID (0004,1500), as it begins in explicit VR, little endian. */
    private static final byte[] FILE = {0x04, 0x00, 0x00, 0x15, 'C', 'S'};

    private final Path program;

    private DicomDir(Path program) {
        this.program = program;
    }

    /** Empty if the program is not on this machine. */
    public static Optional<DicomDir> installed(String searchPath) {
        return Stream.of((searchPath + File.pathSeparator + "/usr/bin").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "dcmmkdir"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(DicomDir::new);
    }

    /**
     * Makes it anew, of all that is in the folder's tree.
     *
     * @return how many files it lists: the program leaves out what has no place in one, such as unknown kinds of objects
     * @throws StrongroomException UNAVAILABLE if the program does not
     */
    public long make(Path folder) throws IOException, InterruptedException {
        Files.deleteIfExists(folder.resolve(NAME));
        // What a clinic has stored for years need not fit a profile: it is listed all the same.
        Process process = start(new ProcessBuilder(
                        program.toString(),
                        "-Nxc",
                        "-Nec",
                        "-Nrc",
                        "-W",
                        "+I",
                        "+Nrs",
                        "+F",
                        "STRONGROOM",
                        "+id",
                        ".",
                        "+D",
                        NAME,
                        "+r",
                        "DICOM")
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true));
        process.getInputStream().transferTo(OutputStream.nullOutputStream()); // it may name patients
        if (process.waitFor() != 0 || !Files.exists(folder.resolve(NAME))) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the DICOMDIR could not be made")
                    .with("program", program)
                    .with("folder", folder)
                    .cure("Run it by hand in the folder to see what it minds; the images are all there");
        }
        return listed(folder.resolve(NAME));
    }

    private Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE, "the program that makes the DICOMDIR cannot be started")
                    .with("program", program)
                    .cure("Install it anew (Debian: apt install dcmtk), then run the same command again; or go without:"
                            + " --no-dicomdir")
                    .causedBy(e);
        }
    }

    private static long listed(Path directory) throws IOException {
        long files = 0;
        int matched = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(directory))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                matched = next == FILE[matched] ? matched + 1 : next == FILE[0] ? 1 : 0;
                if (matched == FILE.length) {
                    files++;
                    matched = 0;
                }
            }
        }
        return files;
    }
}
