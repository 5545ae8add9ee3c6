package org.strongroom.plugin.offline.unseal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.home.Home;

/**
 * Which clear files were compared with their sealed ones, so that a run that was interrupted does not read everything once more, from
 * tiers maybe. Whatever is lost of it, or is not what it was, is only compared again. For one thread.
 */
final class Unsealed {
    private static final String FILE = "unsealed";
    private static final int UUID_LENGTH = 36;

    private final Path file;
    private final Map<UUID, String> stamps = new HashMap<>();

    private Unsealed(Path file) {
        this.file = file;
    }

    /** What earlier runs noted. */
    static Unsealed of(Home home) throws IOException {
        Unsealed all = new Unsealed(home.run().resolve(FILE));
        if (Files.exists(all.file)) {
            for (String line : Files.readAllLines(all.file, StandardCharsets.ISO_8859_1)) {
                all.read(line);
            }
        }
        return all;
    }

    private void read(String line) {
        String[] words = line.split(" ", 2);
        if (words.length == 2 && words[0].length() == UUID_LENGTH) {
            try {
                stamps.put(UUID.fromString(words[0]), words[1]);
            } catch (IllegalArgumentException e) {
                return; // a line that a kill cut off
            }
        }
    }

    /** Whether the clear file was compared, and has this stamp since. */
    boolean has(UUID attachment, String stamp) {
        return stamp.equals(stamps.get(attachment));
    }

    /** Notes that the clear file was compared. */
    void add(UUID attachment, String stamp) throws IOException {
        stamps.put(attachment, stamp);
        Files.writeString(
                file,
                attachment + " " + stamp + "\n",
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
