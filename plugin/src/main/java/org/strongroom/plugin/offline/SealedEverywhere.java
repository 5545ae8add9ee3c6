package org.strongroom.plugin.offline;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.export.Export.Sealed;

/**
 * Every sealed file there is, pack by pack, then what is in the spool alone; each with the places where it can be read, this machine
 * first. Used by one thread.
 */
final class SealedEverywhere {
    private static final String UUID_NAME = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final TierContents contents;
    private final Home home;
    private final SealedFiles local;
    private final Predicate<UUID> keys;

    /** @param keys whose files are wanted */
    SealedEverywhere(TierContents contents, Home home, Predicate<UUID> keys) {
        this.contents = contents;
        this.home = home;
        this.local = new SealedFiles(home);
        this.keys = keys;
    }

    /** What is done with a file. */
    interface Use {
        void with(SealedHeader header, List<Sealed> places) throws IOException;
    }

    /** How much these attachments are, opened; each may be counted more than once. */
    long plainBytes(Predicate<UUID> wanted) throws IOException {
        long[] sum = new long[1];
        each(wanted, (header, places) -> sum[0] += header.plainSize(), failure -> {});
        return sum[0];
    }

    /**
     * Calls {@code use} for each.
     *
     * @param wanted asked before each, so that one that is in several packs comes once
     * @param unreadable told why, once for each pack that no tier gives
     */
    void each(Predicate<UUID> wanted, Use use, Consumer<String> unreadable) throws IOException {
        List<PackLine> packs = new ArrayList<>();
        contents.packs(pack -> {
            if (keys.test(pack.key()) && !pack.tiers().isEmpty()) {
                packs.add(pack);
            }
        });
        for (PackLine pack : packs) {
            pack(pack, wanted, use, unreadable);
        }
        for (Path file : spooled()) {
            UUID attachment = UUID.fromString(String.valueOf(file.getFileName()));
            if (wanted.test(attachment)) {
                spooled(file, attachment, use);
            }
        }
    }

    private void pack(PackLine pack, Predicate<UUID> wanted, Use use, Consumer<String> unreadable) throws IOException {
        List<PackReader> readers = new ArrayList<>();
        StrongroomException failure = null;
        for (String tier : pack.tiers()) {
            try {
                ByteSource object = contents.object(tier, PackPrologue.objectName(pack.pack()), pack.bytes());
                readers.add(PackReader.open(new RecentBlocks(object)));
            } catch (StrongroomException e) {
                failure = e;
            }
        }
        if (readers.isEmpty()) {
            unreadable.accept(failure == null ? "its pack is in no tier" : failure.text());
            return;
        }
        for (PackMember member : readers.get(0).layout().index().members()) {
            UUID attachment = member.header().attachment();
            if (wanted.test(attachment)) {
                Optional<FileSource> here = local.whole(attachment);
                List<Sealed> places = new ArrayList<>();
                here.ifPresent(file -> places.add(() -> file));
                readers.forEach(reader -> places.add(() -> reader.sealedFile(member)));
                try {
                    use.with(member.header(), places);
                } finally {
                    if (here.isPresent()) {
                        here.get().close();
                    }
                }
            }
        }
    }

    private void spooled(Path file, UUID attachment, Use use) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            SealedHeader header =
                    SealedHeader.decode(source.read(0, (int) Math.min(SealedHeader.MAX_SIZE, source.size())));
            if (keys.test(header.key()) && header.attachment().equals(attachment)) {
                use.with(header, List.of(() -> source));
            }
        } catch (NoSuchFileException e) {
            return; // settled since: its pack was read, or is read the next time
        }
    }

    private List<Path> spooled() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(home.spool())) {
            for (Path shard : shards) {
                try (DirectoryStream<Path> found = Files.newDirectoryStream(shard)) {
                    for (Path file : found) {
                        if (String.valueOf(file.getFileName()).matches(UUID_NAME)) {
                            files.add(file);
                        }
                    }
                }
            }
        }
        return files;
    }
}
