package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The system's own limit of open files (RLIMIT_NOFILE) of a running process, lowered for a while. */
public final class OpenFiles {
    private final long pid;
    private final String before;

    private OpenFiles(long pid) {
        this.pid = pid;
        this.before =
                prlimit("--noheadings", "--raw", "--nofile", "--output", "SOFT").strip();
    }

    /** It may open only so many more than it has open now, while {@code meanwhile} runs. */
    public static void only(int more, long pid, Runnable meanwhile) {
        OpenFiles files = new OpenFiles(pid);
        files.prlimit("--nofile=" + files.above(more) + ":");
        try {
            meanwhile.run();
        } finally {
            files.prlimit("--nofile=" + files.before + ":");
        }
    }

    /** The limit is on their numbers, of which a new file takes the lowest that is free. */
    private int above(int more) {
        Set<String> open;
        try (Stream<Path> numbers = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            open = numbers.map(number -> number.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int number = 0;
        int free = 0;
        while (open.contains(Integer.toString(number)) || free++ < more) {
            number++;
        }
        return number;
    }

    private String prlimit(String... words) {
        return Debian.TRIXIE
                .command("/usr/bin/prlimit", "--pid", pid) // as the same user: that needs no rights
                .and((Object[]) words)
                .run()
                .orFail()
                .output();
    }
}
