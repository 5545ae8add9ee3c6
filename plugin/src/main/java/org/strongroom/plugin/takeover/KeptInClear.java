package org.strongroom.plugin.takeover;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * Which clear files stay until somebody does something, and why: else they and their sealed ones, from a tier maybe, would be read every
 * hour only to find the same. Each is tried again when it changed, and after a week. Survives restarts; if it is lost they are tried
 * once more. For one thread.
 */
public final class KeptInClear {
    private static final Logger LOG = System.getLogger(KeptInClear.class.getName());
    private static final Duration AGAIN = Duration.ofDays(7);
    /** Each costs 300 bytes, and all are written when one comes. */
    private static final int MOST = 10_000;

    private final Path file;
    private final InstantSource clock;
    private final Map<UUID, Kept> kept = new LinkedHashMap<>();

    /** One clear file as it was when it was tried. */
    private record Kept(UUID attachment, String stamp, Instant tried, Problem why) {
        Kept {
            Objects.requireNonNull(attachment, "attachment");
            Objects.requireNonNull(stamp, "stamp");
            Objects.requireNonNull(tried, "tried");
            Objects.requireNonNull(why, "why");
        }
    }

    private record Contents(List<Kept> kept) {
        Contents {
            Objects.requireNonNull(kept, "kept");
        }
    }

    private KeptInClear(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /** As it was remembered in {@code file}. */
    public static KeptInClear open(Path file, InstantSource clock) {
        KeptInClear all = new KeptInClear(file, clock);
        try {
            if (Files.exists(file)) {
                ControlJson.readAnswer(Files.readAllBytes(file), Contents.class)
                        .kept()
                        .forEach(one -> all.kept.put(one.attachment(), one));
            }
        } catch (IOException | StrongroomException e) {
            LOG.log(Level.WARNING, "Home/kept-in-clear.json cannot be read: those files are tried once more", e);
        }
        return all;
    }

    /**
     * Why this clear file was left as it is when it was last tried; empty if it was not, or changed since.
     *
     * @param facts what its stamp begins with
     */
    public Optional<Problem> left(UUID attachment, String facts) {
        return Optional.ofNullable(kept.get(attachment))
                .filter(one -> one.stamp().startsWith(facts))
                .map(Kept::why);
    }

    /** Why it is no use to try this one now; empty if it is to be tried. */
    Optional<Problem> why(UUID attachment, String stamp) {
        Kept one = kept.get(attachment);
        if (one == null || !one.stamp().equals(stamp)) {
            return Optional.empty();
        }
        Duration since = Duration.between(one.tried(), clock.instant());
        return since.isNegative() || since.compareTo(AGAIN) >= 0 ? Optional.empty() : Optional.of(one.why());
    }

    void remember(UUID attachment, String stamp, Problem why) {
        if (kept.size() < MOST || kept.containsKey(attachment)) {
            kept.put(attachment, new Kept(attachment, stamp, clock.instant(), why));
            save();
        }
    }

    void forgetUnless(Predicate<UUID> isClear) {
        if (kept.keySet().removeIf(isClear.negate())) {
            save();
        }
    }

    private void save() {
        try {
            DurableFiles.replace(file, ControlJson.write(new Contents(List.copyOf(kept.values()))));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Home/kept-in-clear.json cannot be written", e);
        }
    }
}
