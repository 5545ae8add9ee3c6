package org.strongroom.sidecar.finding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.StudyTable;

/** How many studies are nobody's and wait for somebody to decide. Thread-safe. */
public final class QuarantinedStudies implements LongSupplier {
    /** More are not counted: it would take long, and says no more. */
    private static final long MOST = 10_000;

    private final Home home;
    private final StudyTable studies;

    public QuarantinedStudies(Home home, StudyTable studies) {
        this.home = home;
        this.studies = studies;
    }

    /** Reads one small file; 0 where there is one tenant only. */
    @Override
    public long getAsLong() {
        return tenant(home).map(id -> studies.waitingFor(id, MOST)).orElse(0L);
    }

    /** The id of the tenant that they are kept for; empty where there is one tenant only. */
    public static Optional<UUID> tenant(Home home) {
        try {
            return Files.exists(home.quarantineTenant())
                    ? Optional.of(UUID.fromString(Files.readString(home.quarantineTenant(), StandardCharsets.US_ASCII)))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // the plugin writes it again at every start
        }
    }
}
