package org.strongroom.plugin.snapshot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;

/** {@code Home/snapshots}: the newest snapshots and their chunks, sealed, under the names that they have in tiers. For one thread. */
public final class SnapshotFolder {
    private final Home home;

    public SnapshotFolder(Home home) {
        this.home = home;
    }

    /** Names of all snapshots, the oldest first. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path file : files(home.snapshots())) {
            String name = SnapshotLabel.PREFIX + file.getFileName();
            if (SnapshotLabel.timeOf(name).isPresent()) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names;
    }

    /** When the newest one was begun; empty if there is none. One of after {@code now} is of a clock that was wrong. */
    public Optional<Instant> newest(Instant now) throws IOException {
        return names().stream()
                .flatMap(name -> SnapshotLabel.timeOf(name).stream())
                .map(Instant::ofEpochMilli)
                .filter(time -> !time.isAfter(now))
                .max(Comparator.naturalOrder());
    }

    /** The bytes of an object. */
    public byte[] read(String object) throws IOException {
        return Files.readAllBytes(home.root().resolve(object));
    }

    /** {@link Snapshot.Chunks} of what is here. */
    public void chunks(List<String> objects, Snapshot.Chunks.Each each) throws IOException {
        for (String object : objects) {
            each.object(read(object));
        }
    }

    DiskSpace disk() throws IOException {
        return DiskSpace.of(home.root());
    }

    boolean has(Tag16 chunk) {
        return Files.exists(home.root().resolve(SnapshotLabel.objectName(chunk)));
    }

    /** Durable when this returns. */
    void write(String object, byte[] content) throws IOException {
        Path file = home.root().resolve(object);
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, content);
    }

    /**
     * Deletes all but the newest {@code keep} and those of the future, then what none of them needs, then what a crash left.
     *
     * @param now those of after it are of a clock that was wrong: they must not take the place of others
     */
    void keep(int keep, Instant now) throws IOException {
        List<String> names = names();
        long past = names.stream().filter(name -> !isAfter(name, now)).count();
        Set<String> needed = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (i < past - keep) {
                Files.delete(home.root().resolve(names.get(i)));
            } else {
                SnapshotLabel.decode(read(names.get(i))).chunks().forEach(chunk -> needed.add(chunk.toString()));
            }
        }
        for (Path file : files(home.root().resolve(SnapshotLabel.CHUNKS))) {
            if (!needed.contains(file.getFileName().toString())) {
                Files.delete(file);
            }
        }
    }

    private static boolean isAfter(String name, Instant now) {
        return SnapshotLabel.timeOf(name).orElse(0L) > now.toEpochMilli();
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path file : all) {
                if (Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // no snapshot yet
        }
        return files;
    }
}
