package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.sidecar.uplink.Uplink;

/** What witnesses signed of a log, for who verifies it. Not thread-safe. */
public final class Cosignatures {
    static final String WRONG = "what a witness signed is not there as it signed it";
    static final String NONE = "a witness that was named has signed nothing of this log";

    private final Path audit;
    private final Map<String, Seen> told = new LinkedHashMap<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private String wrong;

    /**
     * What a witness signed last.
     *
     * @param events how many of the log's first ones
     * @param time when, by its clock
     */
    public record Seen(long events, Instant time) {}

    /** @param audit the log's folder; read for each witness that is added */
    public Cosignatures(Path audit) {
        this.audit = audit;
    }

    /**
     * Takes in what the log's folder has of a witness.
     *
     * @param key its verifier key
     * @param required whether there has to be something
     * @throws StrongroomException CORRUPT if this is no witness's key
     */
    public void add(String name, String key, boolean required) throws IOException {
        NoteKey witness = NoteKey.parseWitness(key);
        try {
            take(name, Cosigned.read(audit, witness), required);
        } catch (StrongroomException e) {
            take(name, Optional.empty(), false);
            wrong = WRONG;
        }
    }

    /**
     * Asks a witness itself what it signed last, besides what {@link #add} has found.
     *
     * @throws StrongroomException UNAVAILABLE if it does not answer
     */
    public void ask(String name, WitnessSettings settings) throws IOException, InterruptedException {
        NoteKey witness = NoteKey.parseWitness(settings.key().text());
        String origin = LogReader.key(audit).name();
        Optional<String> newest;
        try {
            newest = new WitnessClient(settings.address(), Uplink.unlimited()).newest(origin);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a witness does not tell what it signed")
                    .with("witness", name)
                    .cure("Look at the witness and the line to it, or leave out --ask: what it signed is kept here too")
                    .causedBy(e);
        }
        try {
            take(name, newest.map(note -> Cosigned.open(note.getBytes(StandardCharsets.UTF_8), witness)), true);
        } catch (StrongroomException e) {
            wrong = WRONG;
        }
    }

    private void take(String name, Optional<Cosigned> cosigned, boolean required) {
        told.putIfAbsent(name, null);
        if (cosigned.isPresent()) {
            sightings.add(cosigned.get().sighting());
            Seen seen =
                    new Seen(cosigned.get().checkpoint().size(), cosigned.get().time());
            told.merge(name, seen, (one, other) -> other.events() < one.events() ? one : other);
        } else if (required) {
            wrong = NONE;
        }
    }

    /** By the witnesses' names; null for one that has signed nothing. */
    public Map<String, Seen> told() {
        return Collections.unmodifiableMap(told);
    }

    List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /** What is wrong with them, whatever the log says. */
    Verdict verdict(Verdict log, String origin) {
        boolean another =
                sightings.stream().anyMatch(one -> !one.checkpoint().origin().equals(origin));
        if (wrong == null && !another) {
            return log;
        }
        return log.earlier(Verdict.bad(log.size(), null, wrong == null ? LogVerification.FORKED : wrong));
    }
}
