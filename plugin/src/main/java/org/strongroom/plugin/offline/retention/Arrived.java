package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.plugin.keys.Keyring;

/** What arrived since a plan was made: a patient who was here again may have to be kept longer. For one thread. */
final class Arrived {
    private final Map<UUID, Instant> planned = new HashMap<>();

    /** Keys as they are now: what arrived may have one that was made since. */
    @FunctionalInterface
    interface Keys {
        Keyring read() throws IOException;
    }

    /** The plan is about this; to be told before anything is looked at. */
    void plan(StudyStatus study) {
        planned.put(study.key(), last(study));
    }

    /** What is removed makes it earlier: no arrival. */
    private static Instant last(StudyStatus study) {
        return study.lastArrival() == null ? Instant.MIN : study.lastArrival();
    }

    /** Whether something arrived that is, or may be, of the patient of these keys. */
    boolean isOfPatient(List<UUID> keys, Consumer<Consumer<StudyStatus>> now, Keys ring) throws IOException {
        List<UUID> came = new ArrayList<>();
        now.accept(study -> {
            Instant before = planned.get(study.key());
            if (before == null || last(study).isAfter(before)) {
                came.add(study.key());
            }
        });
        if (came.isEmpty()) {
            return false;
        }
        try (Keyring keyring = ring.read()) {
            Set<String> patients = new HashSet<>();
            for (UUID key : keys) {
                patients.add(keyring.names().patientId(key).orElse(""));
            }
            for (UUID key : came) {
                Optional<String> patient = keyring.names().patientId(key).filter(id -> !id.isEmpty());
                if (patients.contains("") || patient.isEmpty() || patients.contains(patient.get())) {
                    return true;
                }
            }
            return false;
        }
    }
}
