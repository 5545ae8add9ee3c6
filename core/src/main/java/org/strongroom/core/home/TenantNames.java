package org.strongroom.core.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.io.DurableFiles;

/** What the settings call the tenants that headers know by random ids: the plugin, which has the keyring, tells the sidecar. Stateless. */
public final class TenantNames {
    private static final int ID = 36;

    private TenantNames() {}

    /** In place of what was told at the start before. */
    public static void write(Home home, Map<UUID, String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(names)
                .forEach((id, name) -> lines.append(id).append(' ').append(name).append('\n'));
        DurableFiles.replace(home.tenantNames(), lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** As it was told last; none if that cannot be read: the next start tells them again. */
    public static Map<UUID, String> read(Home home) {
        Map<UUID, String> names = new HashMap<>();
        try {
            for (String line : Files.readAllLines(home.tenantNames(), StandardCharsets.UTF_8)) {
                names.put(UUID.fromString(line.substring(0, ID)), line.substring(ID + 1));
            }
        } catch (IOException | IllegalArgumentException | StringIndexOutOfBoundsException e) {
            return Map.of();
        }
        return names;
    }
}
