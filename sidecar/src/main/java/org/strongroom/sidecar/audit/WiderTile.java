package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.format.v1.Sha256;

/**
 * A partial tile or bundle in the wider one that took its place when the log grew: the writer keeps a narrower one for a minute only.
 *
 * @param place the folder of its partials; empty if the path is that of no partial one
 * @param width how many hashes or entries it has
 * @param entries whether it is a bundle of entries
 */
record WiderTile(String place, int width, boolean entries) {
    private static final Pattern PARTIAL = Pattern.compile("(tile/(entries|[0-7])/.*\\.p)/([1-9][0-9]{0,2})");
    /** The one that was found may have been replaced before it was read. */
    private static final int LOOKS = 3;

    static WiderTile of(String path) {
        Matcher parts = PARTIAL.matcher(path);
        return parts.matches()
                ? new WiderTile(
                        parts.group(1),
                        Integer.parseInt(parts.group(3)),
                        parts.group(2).equals("entries"))
                : new WiderTile("", 0, false);
    }

    /** What the partial one held; empty if there is no wider one. */
    Optional<byte[]> read(Path log) throws IOException {
        Path partials = log.resolve(place);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        for (int look = 0; look < LOOKS; look++) {
            OptionalInt wider = wider(partials);
            if (wider.isEmpty()) {
                return Optional.empty();
            }
            Optional<byte[]> found = Tiles.file(partials.resolve(Integer.toString(wider.getAsInt())));
            if (found.isPresent()) {
                return found.map(this::part);
            }
        }
        return Optional.empty();
    }

    private OptionalInt wider(Path partials) throws IOException {
        try (Stream<Path> files = Files.list(partials)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[1-9][0-9]{0,2}"))
                    .mapToInt(Integer::parseInt)
                    .filter(other -> other > width)
                    .min();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return OptionalInt.empty(); // the full one has taken their place meanwhile
        }
    }

    private byte[] part(byte[] wider) {
        if (!entries) {
            return Arrays.copyOf(wider, Math.min(wider.length, width * Sha256.SIZE));
        }
        List<byte[]> all = Tiles.split(wider);
        return Tiles.bundle(all.subList(0, Math.min(width, all.size())));
    }
}
