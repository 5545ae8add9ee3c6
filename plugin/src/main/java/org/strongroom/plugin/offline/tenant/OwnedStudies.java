package org.strongroom.plugin.offline.tenant;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;

/** All studies that were ever sealed, by StudyInstanceUID, and whose they are. For one thread. */
public final class OwnedStudies {
    private final Map<String, Study> byUid = new LinkedHashMap<>();
    private final Map<UUID, String> uids = new LinkedHashMap<>();

    /**
     * A key of a study.
     *
     * @param owner whose what it sealed is, by name
     * @param open whether new files are sealed with it
     */
    private record Key(UUID id, String owner, boolean open) {}

    /** What has one StudyInstanceUID. */
    static final class Study {
        private final String uid;
        private final List<Key> keys = new ArrayList<>();

        private Study(String uid) {
            this.uid = uid;
        }

        /** As in the files, without what fills it up: whoever sends images chooses what stands there. */
        String printable() {
            return uid.replaceAll("[^0-9.]", "?");
        }

        boolean isNamed() {
            return !uid.isBlank();
        }

        /** Whose key is the oldest; closed ones of quarantine do not count beside others: what they sealed is out of Orthanc. */
        String owner() {
            return keys.stream()
                    .filter(key -> key.open() || !key.owner().equals(AccessSettings.QUARANTINE))
                    .findFirst()
                    .orElse(keys.get(0))
                    .owner();
        }

        /** The keys of what is the owner's. */
        List<UUID> given() {
            return keys.stream()
                    .filter(key -> key.owner().equals(owner()))
                    .map(Key::id)
                    .toList();
        }

        /** Somebody else whose something of it is; what strangers have sent is out of Orthanc when quarantine's key is closed. */
        Optional<String> other() {
            return keys.stream()
                    .filter(key -> !key.owner().equals(owner()))
                    .filter(key -> key.open() || !key.owner().equals(AccessSettings.QUARANTINE))
                    .map(Key::owner)
                    .findFirst();
        }
    }

    /** As keyring and journal have them now; another process may be writing both. */
    static OwnedStudies read(Place place, Keyring keyring) throws IOException {
        learn(place, keyring);
        OwnedStudies all = new OwnedStudies();
        keyring.names().all((key, owner, open, patientId, studyInstanceUid) -> {
            String uid = new KeyedStudy(patientId, studyInstanceUid).uid();
            all.uids.put(key, uid);
            all.byUid.computeIfAbsent(uid, Study::new).keys.add(new Key(key, owner, open));
        });
        return all;
    }

    /** Tells a keyring what the journal has given to whom, which keys are closed, and whether all is one tenant's. */
    public static void learn(Place place, Keyring keyring) throws IOException {
        Holds holds = new Holds(keyring, () -> Instant.EPOCH); // nothing is carried out here, so nobody asks it
        Assignments assignments = new Assignments(keyring);
        Journal.read(place.home().journal(), keyring.home(), (entry, chain) -> {
            holds.replay(entry);
            assignments.replay(entry);
            keyring.replay(entry);
        });
        OneTenant.tell(place.settings(), holds, keyring);
    }

    Iterable<Study> all() {
        return byUid.values();
    }

    /** What has the StudyInstanceUID that this key's study has; empty if there is no such key of a study. */
    Optional<Study> of(UUID key) {
        return Optional.ofNullable(uids.get(key)).map(byUid::get);
    }
}
