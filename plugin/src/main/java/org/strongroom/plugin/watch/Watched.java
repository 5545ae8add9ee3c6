package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.tenancy.Parentage;

/**
 * The studies that a request names, by the ids of their keys: these are random, so that the log names no patient, and go with the key.
 * Thread-safe.
 */
public final class Watched {
    private static final int MOST_STUDIES = 10_000;

    private final Parentage parentage;
    private final StudyKeys keys;
    private final Map<String, String> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_STUDIES;
        }
    });

    /** Finds the key of a study. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface StudyKeys {
        /** Raw values as in the file; empty if nothing of it was ever sealed. */
        Optional<UUID> find(byte[] patientId, byte[] studyInstanceUid);
    }

    public Watched(Parentage parentage, StudyKeys keys) {
        this.parentage = parentage;
        this.keys = keys;
    }

    /**
     * Key ids of the studies that a resource is of, or has; none if it is not in Orthanc: then nothing of it is seen. A study that has
     * no key, since Orthanc itself keeps it in clear, is {@code unsealed}.
     */
    public List<String> keysOf(Resource resource) {
        try {
            List<String> found = new ArrayList<>();
            for (String study : parentage.studiesOf(resource)) {
                found.add(keyOf(study));
            }
            return found;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /** The same, if it can be told without asking Orthanc. */
    Optional<List<String>> knownKeysOf(Resource resource) {
        return parentage.knownStudyOf(resource).map(known::get).map(List::of);
    }

    private String keyOf(String study) {
        String key = known.get(study);
        if (key == null) {
            JsonNode tags = parentage.get("/studies/" + study);
            Optional<UUID> found = find(
                    tags.path("PatientMainDicomTags").path("PatientID").asText(""),
                    tags.path("MainDicomTags").path("StudyInstanceUID").asText(""));
            if (found.isEmpty()) {
                return "unsealed"; // it may be sealed tomorrow
            }
            key = found.get().toString();
            known.put(study, key);
        }
        return key;
    }

    /** Orthanc tells values without what fills them up to an even length. */
    private Optional<UUID> find(String patientId, String uid) {
        for (String patient : List.of(patientId, patientId + " ")) {
            for (String study : List.of(uid, uid + "\0")) {
                for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8)) {
                    Optional<UUID> found =
                            keys.find(patient.getBytes(charset), study.getBytes(StandardCharsets.US_ASCII));
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
