package org.strongroom.plugin.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;

/**
 * Makes one viewing session of many requests: its begin is recorded before the first of them is answered, its sum when nothing more
 * comes. A kill loses sums, never a begin. Thread-safe.
 */
public final class Viewings implements AutoCloseable {
    /** A session ends when nothing happened for so long, */
    static final Duration IDLE = Duration.ofMinutes(10);
    /** or goes on for so long: who leaves a viewer open is in the log once an hour. */
    static final Duration LONGEST = Duration.ofHours(1);

    private static final Duration LOOK = Duration.ofSeconds(30);
    /** With more than that the oldest end; while they do there may be a few more. */
    static final int MOST = 10_000;

    private static final int ENOUGH = MOST / 10 * 9;

    /** Somebody and a study. */
    private record Looking(String who, String study) {
        static Looking of(Viewing viewing) {
            return new Looking(viewing.who(), viewing.study());
        }
    }

    private final AuditSink audit;
    private final InstantSource clock;
    private final RunningTime time;
    private final Map<Viewing, OpenViewing> open = new ConcurrentHashMap<>();
    /** The last one of each person and study. */
    private final Map<Looking, OpenViewing> lastOf = new ConcurrentHashMap<>();

    private final Pulse pulse;

    public Viewings(AuditSink audit, InstantSource clock, RunningTime time) {
        this.audit = audit;
        this.clock = clock;
        this.time = time;
        this.pulse = new Pulse("strongroom-viewings", LOOK, this::endIdle);
    }

    /** Somebody asks for something that has no level: a search. */
    public void asked(Viewing viewing) {
        asked(viewing, Optional.empty(), Optional.empty());
    }

    /**
     * Somebody asks for something.
     *
     * @param level of what is named: {@code study}, {@code series} …; empty if nothing is
     * @param instance which one, whatever its name is; empty if it is not about one
     */
    public void asked(Viewing viewing, Optional<String> level, Optional<String> instance) {
        while (!session(viewing).asked(level, instance, clock.instant(), time.now(), audit::record)) {
            open.computeIfPresent(viewing, Viewings::withoutEnded);
        }
    }

    /**
     * Orthanc reads something of a study: a part of the session in which the same person looks at it, else one of its own. Who else looks
     * at that study meanwhile has no part in it.
     *
     * @param who the read is for: the user of the request whose thread reads
     * @param address that the request comes from; empty if it is not known, or none's
     * @param key of the study
     * @param image which one; empty if it is not one that is read
     */
    public void read(String who, String address, UUID key, Optional<UUID> image, long bytes) {
        String study = key.toString();
        OpenViewing last = lastOf.get(new Looking(who, study));
        if (last != null && last.read(image, bytes, clock.instant(), time.now(), audit::record)) {
            return;
        }
        Viewing viewing = new Viewing(AuditType.VIEW, who, address, study, Map.of("way", "storage", "key", study));
        while (!session(viewing).read(image, bytes, clock.instant(), time.now(), audit::record)) {
            open.computeIfPresent(viewing, Viewings::withoutEnded);
        }
    }

    /**
     * Orthanc reads something that no request asks for: a part of the session of reads like it alone.
     *
     * @param viewing that it is
     * @param image which one; empty if it is not one that is read
     */
    public void read(Viewing viewing, Optional<UUID> image, long bytes) {
        while (!opened(viewing).read(image, bytes, clock.instant(), time.now(), audit::record)) {
            open.computeIfPresent(viewing, Viewings::withoutEnded);
        }
    }

    private OpenViewing opened(Viewing viewing) {
        if (open.size() >= MOST) {
            pulse.wake(); // who asks does not wait for the sums of others
        }
        return open.computeIfAbsent(viewing, one -> new OpenViewing(one, clock.instant(), time.now()));
    }

    private OpenViewing session(Viewing viewing) {
        OpenViewing session = opened(viewing);
        if (!viewing.study().isEmpty()) {
            lastOf.put(Looking.of(viewing), session);
        }
        return session;
    }

    private static OpenViewing withoutEnded(Viewing viewing, OpenViewing session) {
        return session.isEnded() ? null : session;
    }

    void endIdle() {
        end(IDLE);
        if (open.size() >= MOST) {
            end(idleOfTheOldest());
        }
        audit.sync();
    }

    /** For how long nothing happened in those that have to end for so many that only {@link #ENOUGH} stay. */
    private Duration idleOfTheOldest() {
        List<Duration> idle = open.values().stream()
                .map(session -> session.idle(time.now()))
                .sorted()
                .toList();
        return idle.size() <= ENOUGH ? IDLE : idle.get(ENOUGH);
    }

    private void end(Duration idle) {
        open.values().forEach(session -> {
            if (session.end(idle, LONGEST, time.now(), audit::write)) {
                open.remove(session.viewing(), session);
                lastOf.remove(Looking.of(session.viewing()), session);
            }
        });
    }

    /** Ends every session. */
    @Override
    public void close() {
        pulse.close();
        end(Duration.ZERO);
        audit.sync();
    }
}
