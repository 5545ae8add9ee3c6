package org.strongroom.sidecar.finding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Supplier;
import org.strongroom.core.home.Home;

/** Ids of emergencies that nobody has reviewed. Thread-safe. */
public final class UnreviewedEmergencies implements Supplier<List<String>> {
    private static final int MOST = 100;

    private final Home home;

    public UnreviewedEmergencies(Home home) {
        this.home = home;
    }

    /** The newest, at most a hundred. Reads one small file. */
    @Override
    public List<String> get() {
        try {
            if (!Files.exists(home.unreviewed())) {
                return List.of();
            }
            List<String> ids = Files.readString(home.unreviewed(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(id -> id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                    .toList();
            return ids.subList(Math.max(0, ids.size() - MOST), ids.size());
        } catch (IOException e) {
            return List.of(); // the plugin writes it again at every start
        }
    }
}
