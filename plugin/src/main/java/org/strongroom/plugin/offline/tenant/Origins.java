package org.strongroom.plugin.offline.tenant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Who has sent what a key seals, as the audit log says: titles of modalities, users, parts of the software. */
final class Origins {
    private final Map<UUID, Set<String>> byKey = new HashMap<>();

    /** @param file lines of a key's id, a blank, and one who has sent; null if nobody has looked */
    static Origins read(Path file) throws IOException {
        Origins origins = new Origins();
        if (file != null) {
            for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
                int blank = line.indexOf(' ');
                if (blank > 0) {
                    origins.byKey
                            .computeIfAbsent(UUID.fromString(line.substring(0, blank)), key -> new TreeSet<>())
                            .add(line.substring(blank + 1));
                }
            }
        }
        return origins;
    }

    /** All who have sent something that one of these keys seals; none if nobody knows. */
    Set<String> of(Collection<UUID> keys) {
        Set<String> all = new TreeSet<>();
        keys.forEach(key -> all.addAll(byKey.getOrDefault(key, Set.of())));
        return all;
    }
}
