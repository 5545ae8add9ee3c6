package org.strongroom.plugin.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;

/** A viewing session that goes on: what has been asked for and read so far. Thread-safe. */
final class OpenViewing {
    /** More instances than that are counted as at least so many: memory is not the viewer's. */
    static final int MOST_INSTANCES = 10_000;

    private final Viewing viewing;
    private final UUID id = UUID.randomUUID();
    private final Instant first;
    private final Duration begun;
    private final Set<Integer> instances = new HashSet<>();
    private final Set<UUID> images = new HashSet<>();
    /** Of what was asked for by name. */
    private final Set<String> levels = new TreeSet<>();

    private Instant last;
    private Duration used;
    private boolean recorded;
    private boolean ended;
    private long requests;
    private long reads;
    private long bytes;

    OpenViewing(Viewing viewing, Instant now, Duration running) {
        this.viewing = viewing;
        this.first = now;
        this.last = now;
        this.begun = running;
        this.used = running;
    }

    Viewing viewing() {
        return viewing;
    }

    /**
     * One more request; the first one is recorded before this returns, and others wait for it.
     *
     * @return false if the session has ended meanwhile: another one has to begin
     */
    synchronized boolean asked(
            Optional<String> level,
            Optional<String> instance,
            Instant now,
            Duration running,
            Consumer<AuditEvent> audit) {
        if (!use(level, now, running, audit)) {
            return false;
        }
        level.ifPresent(levels::add);
        requests++;
        if (instances.size() < MOST_INSTANCES) {
            instance.ifPresent(one -> instances.add(one.hashCode()));
        }
        return true;
    }

    /** Something of it was read from storage; as {@link #asked}. */
    synchronized boolean read(
            Optional<UUID> image, long count, Instant now, Duration running, Consumer<AuditEvent> audit) {
        if (!use(Optional.empty(), now, running, audit)) {
            return false;
        }
        reads++;
        bytes += count;
        if (images.size() < MOST_INSTANCES) {
            image.ifPresent(images::add);
        }
        return true;
    }

    /** Those that were named, or read where these are more: who asks for a study, or by DICOM, names none. */
    private String seen() {
        int most = Math.max(instances.size(), images.size());
        return most < MOST_INSTANCES ? Integer.toString(most) : MOST_INSTANCES + "+";
    }

    private boolean use(Optional<String> level, Instant now, Duration running, Consumer<AuditEvent> audit) {
        if (ended) {
            return false;
        }
        if (!recorded) {
            AuditEvent begin = viewing.event().with("session", id).with("phase", "begin");
            audit.accept(level.map(one -> begin.with("level", one)).orElse(begin));
            recorded = true;
        }
        last = now;
        used = running;
        return true;
    }

    /** For how long nothing happened. */
    synchronized Duration idle(Duration running) {
        return running.minus(used);
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Ends it if nothing happened for {@code idle}, or if it goes on for {@code longest} already; its sum is recorded then. */
    synchronized boolean end(Duration idle, Duration longest, Duration running, Consumer<AuditEvent> audit) {
        if (running.minus(used).compareTo(idle) < 0 && running.minus(begun).compareTo(longest) < 0) {
            return false;
        }
        if (!ended && recorded) {
            AuditEvent end = viewing.event();
            end = levels.isEmpty() ? end : end.with("levels", String.join(" ", levels));
            audit.accept(end.with("session", id)
                    .with("phase", "end")
                    .with("first", first)
                    .with("last", last)
                    .with("requests", requests)
                    .with("instances", seen())
                    .with("reads", reads)
                    .with("bytes", bytes));
        }
        ended = true;
        return true;
    }
}
