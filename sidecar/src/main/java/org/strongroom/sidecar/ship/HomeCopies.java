package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.WrittenOnce;

/**
 * Sees to it that a tier holds what else it takes, beside the passphrase, to open it without Home (format.md §7.1). Copies
 * bytes and understands none. For one thread.
 */
final class HomeCopies {
    /** For so long a tier is believed to hold what it held: a store may charge for each question, and studies are many. */
    private static final Duration BELIEVED = Duration.ofHours(1);

    private final Home home;
    private final Tier tier;
    private final RunningTime time;
    private final Map<String, Duration> seen = new HashMap<>();

    HomeCopies(Home home, Tier tier, RunningTime time) {
        this.home = home;
        this.tier = tier;
        this.time = time;
    }

    /**
     * Returns when the tier holds a copy of each file as it is now; what it lacks is written and read back.
     *
     * @throws StrongroomException NOT_FOUND if Home lacks one; CORRUPT if the tier's copy is not what its name says; what the
     *     tier throws
     */
    void ensure() throws IOException {
        for (HomeCopy copy : HomeCopy.values()) {
            byte[] content = read(copy.in(home));
            String name = copy.objectName(content);
            Duration before = seen.get(name);
            if (before == null || before.plus(BELIEVED).compareTo(time.now()) <= 0) {
                hold(name, content);
                seen.put(name, time.now());
            }
        }
    }

    /** The tier was away, or was not ours: whatever comes back may be another disk. */
    void doubt() {
        seen.clear();
    }

    private void hold(String name, byte[] content) throws IOException {
        if (!WrittenOnce.ensure(tier, name, content)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a tier's copy of a file of Home is damaged")
                    .with("tier", tier.name())
                    .with("object", name)
                    .cure("Check the tier's disk or line, then delete the object: it is written again");
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "a file that every tier must hold is gone from Home")
                    .with("file", file)
                    .cure("Bring it back from a tier (objects " + HomeCopy.PREFIX
                            + ", format.md §7.1) or from a backup of Home")
                    .causedBy(e);
        }
    }
}
