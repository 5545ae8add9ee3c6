package org.strongroom.sidecar.seed;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackFooter;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/**
 * The plans of packs that are on disks, in {@code Home/seeds/TIER/PACK}: prologue, index and footer, as in the pack. No tier has them
 * yet, so a lost ledger learns them here, or the same files would be planned and sent once more. For one thread.
 */
final class SeedNotes {
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Path folder;

    SeedNotes(Home home) {
        this.folder = home.seeds();
    }

    /** Returns when the note would survive a crash. */
    void write(String tier, PackLayout layout) throws IOException {
        Path note = note(tier, layout.prologue().pack());
        DurableFiles.createDirectories(note.getParent());
        byte[] prologue = layout.prologue().encode();
        byte[] index = layout.index().encode();
        byte[] footer = layout.footer().encode();
        byte[] all = Arrays.copyOf(prologue, prologue.length + index.length + footer.length);
        System.arraycopy(index, 0, all, prologue.length, index.length);
        System.arraycopy(footer, 0, all, prologue.length + index.length, footer.length);
        DurableFiles.replace(note, all);
    }

    void remove(String tier, UUID pack) throws IOException {
        Files.deleteIfExists(note(tier, pack));
    }

    /** The packs that are noted for a tier. */
    List<UUID> packs(String tier) throws IOException {
        List<UUID> packs = new ArrayList<>();
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder.resolve(tier))) {
            for (Path note : notes) {
                String name = note.getFileName().toString();
                if (NAME.matcher(name).matches()) { // else half written, or somebody else's
                    packs.add(UUID.fromString(name));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of(); // nothing was ever carried there
        }
        return packs;
    }

    /** The plan of a pack; empty if its note cannot be understood. */
    Optional<PackLayout> plan(String tier, UUID pack) throws IOException {
        byte[] note = Files.readAllBytes(note(tier, pack));
        int footer = note.length - PackFooter.SIZE;
        if (footer < PackPrologue.SIZE) {
            return Optional.empty();
        }
        try {
            return Optional.of(PackLayout.decode(
                    Arrays.copyOf(note, PackPrologue.SIZE),
                    Arrays.copyOfRange(note, PackPrologue.SIZE, footer),
                    Arrays.copyOfRange(note, footer, note.length)));
        } catch (StrongroomException e) {
            return Optional.empty();
        }
    }

    private Path note(String tier, UUID pack) {
        return folder.resolve(tier).resolve(pack.toString());
    }
}
