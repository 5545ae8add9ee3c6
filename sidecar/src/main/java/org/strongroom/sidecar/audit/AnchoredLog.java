package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Tier;

/**
 * A log as a tier holds it; its checkpoint is the newest that its key signed. What comes from a tier is a claim: the key proves the
 * checkpoints, and nothing here proves the key. For one thread.
 */
final class AnchoredLog implements Tiles {
    private static final int LARGEST_KEY = 1024;

    private final Tier tier;
    private final NoteKey key;
    private final String log;

    AnchoredLog(Tier tier, NoteKey key) {
        this.tier = tier;
        this.key = key;
        this.log = AnchorName.log(key);
    }

    /** Every log that was ever anchored in a tier. A key that is not what its name says is none. */
    static List<AnchoredLog> all(Tier tier) throws IOException {
        List<Tier.ObjectInfo> keys = new ArrayList<>();
        tier.list(AnchorName.KEYS, keys::add);
        List<AnchoredLog> logs = new ArrayList<>();
        for (Tier.ObjectInfo object : keys) {
            Optional<NoteKey> key = object.size() > LARGEST_KEY ? Optional.empty() : key(tier, object);
            key.ifPresent(found -> logs.add(new AnchoredLog(tier, found)));
        }
        return logs;
    }

    private static Optional<NoteKey> key(Tier tier, Tier.ObjectInfo object) throws IOException {
        try {
            NoteKey key = NoteKey.parse(new String(bytes(tier, object), StandardCharsets.UTF_8));
            return Optional.of(key)
                    .filter(found -> AnchorName.key(AnchorName.log(found)).equals(object.name()));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.empty();
        }
    }

    NoteKey key() {
        return key;
    }

    /** Of the tier, in which it is. */
    String tier() {
        return tier.name();
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        if (path.equals(MinimumIndex.FILE)) {
            return minimum();
        }
        return path.equals(AuditLog.CHECKPOINT) ? newestNote() : object(AnchorName.file(log, path));
    }

    /** The last that an event says which the newest checkpoint covers: before that one is there all of the log is, and counts. */
    private Optional<byte[]> minimum() throws IOException {
        List<Long> claims = new ArrayList<>();
        tier.list(AnchorName.minimums(log), object -> AnchorName.claimedMinimum(object.name())
                .ifPresent(claims::add));
        if (claims.isEmpty()) {
            return Optional.empty();
        }
        long size = newest().map(Checkpoint::size).orElse(0L);
        claims.sort(Comparator.reverseOrder());
        for (long claim : claims) {
            Optional<ProvedEvent> event = claim <= size ? notice(claim) : Optional.empty();
            if (event.isPresent() && event.get().index() < size) {
                return Optional.of(MinimumIndex.file(claim));
            }
        }
        return Optional.empty();
    }

    /** The event that says that the log is kept from there on, if the log's key proves it. */
    Optional<ProvedEvent> notice(long minimum) throws IOException {
        try {
            Optional<ProvedEvent> event = object(AnchorName.minimum(log, minimum))
                    .map(json -> ControlJson.readAnswer(json, ProvedEvent.class));
            if (event.isPresent()) {
                AuditEntry entry = ProofVerification.by(key.encode()).open(event.get());
                return event.filter(found -> PruneNotice.tells(entry.event(), minimum));
            }
            return Optional.empty();
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.empty(); // somebody's trick
        }
    }

    /** The newest checkpoint; empty if nothing is anchored yet. */
    Optional<Checkpoint> newest() throws IOException {
        return newestNote().map(note -> LogReader.open(note, key));
    }

    /** A checkpoint that its key did not sign is somebody's trick: the newest genuine one counts. */
    private Optional<byte[]> newestNote() throws IOException {
        List<Checkpoint> claims = claims();
        for (int i = claims.size() - 1; i >= 0; i--) {
            Optional<byte[]> note = note(claims.get(i));
            if (note.isPresent()) {
                return note;
            }
        }
        return Optional.empty();
    }

    /** What the names of all checkpoints claim, in the order of their sizes. */
    List<Checkpoint> claims() {
        List<Checkpoint> claims = new ArrayList<>();
        tier.list(AnchorName.checkpoints(log), object -> AnchorName.claim(key.name(), object.name())
                .ifPresent(claims::add));
        return claims;
    }

    /** Each checkpoint as a sighting; it is read only if what its name claims is not what the log says. */
    List<Sighting> sightings() {
        List<Sighting> sightings = new ArrayList<>();
        claims().forEach(claim -> sightings.add(
                new Sighting(claim, Optional.of(this), () -> note(claim).isPresent())));
        return sightings;
    }

    /** The note, if the key signed what its name claims. */
    private Optional<byte[]> note(Checkpoint claim) throws IOException {
        return object(AnchorName.checkpoint(log, claim)).filter(bytes -> says(bytes, claim));
    }

    private boolean says(byte[] note, Checkpoint claim) {
        try {
            return LogReader.open(note, key).equals(claim);
        } catch (StrongroomException e) {
            return false;
        }
    }

    /** One that is larger than any of a log can be is as good as none, and must not stand in the way of those that are. */
    private Optional<byte[]> object(String name) throws IOException {
        Optional<Tier.ObjectInfo> info = tier.head(name).filter(found -> found.size() <= LARGEST);
        return info.isEmpty() ? Optional.empty() : Optional.of(bytes(tier, info.get()));
    }

    private static byte[] bytes(Tier tier, Tier.ObjectInfo object) throws IOException {
        try (InputStream in = tier.get(object.name(), 0, object.size())) {
            return in.readNBytes((int) object.size());
        }
    }
}
