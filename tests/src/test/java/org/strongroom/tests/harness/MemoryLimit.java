package org.strongroom.tests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A control group of Linux with little memory, for an Orthanc and all that it starts. Needs root and a writable cgroup tree. */
public final class MemoryLimit implements AutoCloseable {
    private static final Path FIRST = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND = Path.of("/sys/fs/cgroup");

    private final Path group;

    private MemoryLimit(Path group) {
        this.group = group;
    }

    /** Whether this machine lets us make one. */
    public static boolean possible() {
        Path trial = parent().resolve("strongroom-" + UUID.randomUUID());
        try {
            Files.createDirectory(trial);
            boolean limits = Files.exists(trial.resolve(limit()));
            Files.delete(trial);
            return limits;
        } catch (IOException e) {
            return false;
        }
    }

    private static String limit() {
        return Files.exists(FIRST) ? "memory.limit_in_bytes" : "memory.max";
    }

    private static Path parent() {
        return Files.exists(FIRST) ? FIRST : SECOND;
    }

    public static MemoryLimit of(long bytes) {
        Path group = parent().resolve("strongroom-" + UUID.randomUUID());
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve(limit()), Long.toString(bytes));
            return new MemoryLimit(group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same command, which enters the group before it starts. */
    Command within(Command command) {
        List<Object> words = List.of("sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group.resolve("cgroup.procs"));
        return new Command(
                Command.of(words.toArray()).and(command.words().toArray()).words(),
                command.environment(),
                command.folder(),
                command.deadline());
    }

    /** Of an empty group. */
    @Override
    public void close() {
        try {
            Files.delete(group);
        } catch (IOException e) {
            System.out.println("control group left behind: " + group + ": " + e.getMessage());
        }
    }
}
