package org.strongroom.tests.harness;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A bad disk or a jumping clock under an Orthanc and its sidecar, while they run; see {@code trouble.c}. Not thread-safe.
 */
public final class Trouble {
    /** What a disk may do wrong, with the calls it shows in. */
    public enum Disk {
        FULL("wc", 28),
        READ_ONLY("wcmd", 30),
        BROKEN("wrs", 5),
        /** Everything is taken, but cannot be made durable. */
        FORGETFUL("s", 5),
        OUT_OF_FILES("oc", 24),
        /** What is there can be neither opened nor deleted. */
        LOST("od", 5),
        /** Nothing fails; every write and fsync takes a while. */
        SLOW("ws", 0);

        private final String calls;
        private final int errno;

        Disk(String calls, int errno) {
            this.calls = calls;
            this.errno = errno;
        }
    }

    private static final Duration SLOWNESS = Duration.ofMillis(40);

    private final Path rules;
    private final Path library;
    private final List<String> lines = new ArrayList<>();

    private Trouble(Path rules, Path library) {
        this.rules = rules;
        this.library = library;
    }

    /** None yet, for what {@code clinic} is going to start. */
    public static Trouble expectedBy(Clinic clinic) {
        Path library = clinic.scratch().path().resolve("trouble.so");
        Path source = Project.root().resolve("tests/src/test/c/trouble.c");
        Command.of("gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl")
                .run()
                .orFail();
        Trouble trouble = new Trouble(clinic.scratch().file("trouble", new byte[0]), library);
        clinic.setup()
                .environment("LD_PRELOAD", library.toString())
                .environment("STRONGROOM_TROUBLE", trouble.rules.toString());
        // The sidecar's environment is scrubbed: its Java brings the trouble along.
        clinic.setup()
                .configuration()
                .withObject("/Strongroom/Sidecar")
                .set(
                        "JavaHome",
                        JsonNodeFactory.instance.textNode(
                                trouble.javaHome(clinic.scratch()).toString()));
        return trouble;
    }

    /** From now on, for all that begins with {@code prefix}. */
    public void with(Disk disk, Path prefix) {
        long delay = disk == Disk.SLOW ? SLOWNESS.toMillis() : 0;
        lines.add(disk.calls + " " + disk.errno + " " + delay + " " + prefix);
        write();
    }

    /** The wall clock is off by {@code offset} from now on. */
    public void clock(Duration offset) {
        lines.add("clock " + offset.toSeconds());
        write();
    }

    /** All is well again. */
    public void over() {
        lines.clear();
        write();
    }

    private void write() {
        try {
            Path next = rules.resolveSibling("trouble.next");
            Files.writeString(next, String.join("\n", lines));
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(next, rules, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path javaHome(Scratch scratch) {
        Path home = scratch.folder("java");
        scratch.folder("java/bin");
        String script = "#!/bin/sh\nexport LD_PRELOAD=" + library + " STRONGROOM_TROUBLE=" + rules
                + "\nexec \"$(readlink -f /usr/bin/java)\" \"$@\"\n";
        Path java = scratch.file("java/bin/java", script.getBytes(StandardCharsets.UTF_8));
        try {
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return home;
    }
}
