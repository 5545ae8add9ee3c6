package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.strongroom.core.home.Home;

/** A clock that went backwards makes grace periods and receipts lie. */
final class WallClock {
    private static final Duration TOLERANCE = Duration.ofMinutes(2);

    private WallClock() {}

    static List<Finding> examine(Home home, InstantSource clock) {
        Instant latest = clock.instant().plus(TOLERANCE);
        for (Path written : List.of(home.journal(), home.ledger(), home.control(), home.installation())) {
            if (writtenAfter(written, latest)) {
                return List.of(Finding.serious(
                        "files in Home are newer than this machine's clock says it is",
                        "grace periods, receipts and the audit log carry wrong times; deletions may come early later",
                        "set the clock and keep it set (chrony or systemd-timesyncd)"));
            }
        }
        return List.of();
    }

    private static boolean writtenAfter(Path file, Instant latest) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isAfter(latest);
        } catch (IOException e) {
            return false; // not there yet, or not ours to see: SecretFiles tells
        }
    }
}
