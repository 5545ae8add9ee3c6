package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/**
 * What one shard of spool and cache holds. A file on its way from one to the other is in at least one of them.
 *
 * @param strangers files that have no name of ours, below Home
 */
record LocalShard(Set<UUID> spool, Set<UUID> cache, Set<UUID> heads, List<Path> strangers) {
    private static final String HEAD = ".head";

    static LocalShard list(Home home, int number) throws IOException {
        String prefix = String.format(Locale.ROOT, "%02x", number);
        List<Path> strangers = new ArrayList<>();
        Set<UUID> spool = new HashSet<>();
        Set<UUID> cache = new HashSet<>();
        Set<UUID> heads = new HashSet<>();
        // In the order of moving: a file that moves meanwhile is seen in the cache, if not in the spool.
        for (Path file : files(home.spool().resolve(prefix))) {
            Optional<UUID> uuid = uuid(name(file), prefix);
            uuid.ifPresentOrElse(spool::add, () -> strangers.add(home.root().relativize(file)));
        }
        for (Path file : files(home.cache().resolve(prefix))) {
            String name = name(file);
            boolean head = name.endsWith(HEAD);
            Optional<UUID> uuid = uuid(head ? name.substring(0, name.length() - HEAD.length()) : name, prefix);
            uuid.ifPresentOrElse(
                    (head ? heads : cache)::add, () -> strangers.add(home.root().relativize(file)));
        }
        return new LocalShard(spool, cache, heads, strangers);
    }

    boolean isWhole(UUID uuid) {
        return spool.contains(uuid) || cache.contains(uuid);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, file -> !DurableFiles.isTemporary(file))) {
            all.forEach(files::add);
        } catch (NoSuchFileException e) {
            return files; // nothing ever came here
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    private static Optional<UUID> uuid(String name, String prefix) {
        try {
            UUID uuid = UUID.fromString(name);
            return uuid.toString().equals(name) && name.startsWith(prefix) ? Optional.of(uuid) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
