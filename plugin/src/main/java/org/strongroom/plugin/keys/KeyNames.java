package org.strongroom.plugin.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.StudySecret;

/**
 * Which keys studies and patients ever had, by the names that people and Orthanc have for them, and what these names are. Thread-safe.
 */
public final class KeyNames {
    private final KeyRecords records;
    private final Tenants tenants;
    private final KeyOwners owners;

    KeyNames(KeyRecords records, Tenants tenants, KeyOwners owners) {
        this.records = records;
        this.tenants = tenants;
        this.owners = owners;
    }

    /** Told of a key. Raw values as in the file. */
    @FunctionalInterface
    public interface StudyVisitor {
        /**
         * @param tenant whose the study is, as far as this key says
         * @param open whether new files may be sealed with it
         */
        void study(UUID key, String tenant, boolean open, byte[] patientId, byte[] studyInstanceUid);
    }

    /**
     * Tells of every key that a study ever had, the oldest first; records are opened one by one.
     *
     * @throws StrongroomException CORRUPT if one does not open
     */
    public void all(StudyVisitor visitor) throws IOException {
        for (UUID id : records.ids()) {
            records.read(id, record -> {
                if (record.label().kind() == KeyKind.STUDY) {
                    Tenant tenant = tenants.of(record);
                    StudySecret study = tenant.unwrap(record);
                    String owner = tenants.find(owners.of(id, tenant.id()))
                            .orElse(tenant)
                            .name();
                    visitor.study(id, owner, !records.isRetired(id), study.patientId(), study.studyInstanceUid());
                }
                return id;
            });
        }
    }

    /**
     * Every key that a study ever had, the newest last, whichever way the study is named; its records are opened one by one.
     *
     * @param study StudyInstanceUID, Orthanc's id of the study, or the id of one of its keys
     */
    public List<UUID> ofStudy(String study) throws IOException {
        return named(Set.of(study), Set.of()).getOrDefault(study, List.of());
    }

    /**
     * Every key that these studies and patients ever had, the newest last, by the names they were asked for by; a name without any is not in it. Records
     * are opened one by one, each once.
     *
     * @param studies StudyInstanceUIDs, Orthanc's ids of studies, or key ids
     * @param patients PatientIDs, as people type them
     */
    public Map<String, List<UUID>> named(Set<String> studies, Set<String> patients) throws IOException {
        Map<String, List<UUID>> found = new HashMap<>();
        for (UUID id : records.ids()) {
            Set<String> names = records.read(id, record -> {
                        StudySecret study = tenants.of(record).unwrap(record);
                        return named(study, studies, patients);
                    })
                    .orElse(Set.of());
            names.forEach(name ->
                    found.computeIfAbsent(name, unused -> new ArrayList<>()).add(id));
            if (studies.contains(id.toString())) {
                found.computeIfAbsent(id.toString(), unused -> new ArrayList<>())
                        .add(id);
            }
        }
        return found;
    }

    private static Set<String> named(StudySecret study, Set<String> studies, Set<String> patients) {
        Set<String> names = new HashSet<>();
        studies.stream().filter(name -> StudyName.isOf(study, name)).forEach(names::add);
        patients.stream().filter(name -> StudyName.isOfPatient(study, name)).forEach(names::add);
        return names;
    }

    /** Every key that a study of this patient ever had; records are opened one by one. */
    public List<UUID> ofPatient(String patientId) throws IOException {
        List<UUID> found = new ArrayList<>();
        for (UUID id : records.ids()) {
            if (records.read(
                            id,
                            record -> StudyName.isOfPatient(tenants.of(record).unwrap(record), patientId))
                    .orElse(false)) {
                found.add(id);
            }
        }
        return found;
    }

    /** Every key that studies with these StudyInstanceUIDs ever had; records are opened one by one. */
    public List<UUID> ofStudies(Set<String> studyInstanceUids) throws IOException {
        List<UUID> found = new ArrayList<>();
        for (UUID id : records.ids()) {
            if (records.read(
                            id,
                            record -> studyInstanceUids.contains(
                                    StudyName.uid(tenants.of(record).unwrap(record))))
                    .orElse(false)) {
                found.add(id);
            }
        }
        return found;
    }

    /** The study that a key was made for; empty if there is no such key, it is destroyed, or of no study. */
    public Optional<KeyedStudy> study(UUID key) throws IOException {
        return records.isDestroyed(key)
                ? Optional.empty()
                : records.read(key, record -> tenants.of(record).unwrap(record))
                        .filter(study -> study.studyInstanceUid().length > 0)
                        .map(study -> new KeyedStudy(study.patientId(), study.studyInstanceUid()));
    }

    /** What Orthanc may call the study of this key; nothing if the keyring has no such key, or it is destroyed. */
    public Set<String> orthancStudies(UUID key) throws IOException {
        return records.isDestroyed(key)
                ? Set.of()
                : records.read(
                                key,
                                record -> StudyName.ofOrthanc(tenants.of(record).unwrap(record)))
                        .orElse(Set.of());
    }

    /** PatientID of the study that a key seals, without what fills it up; empty if there is no such key, or it is of no study. */
    public Optional<String> patientId(UUID key) throws IOException {
        return records.read(key, record -> StudyName.patient(tenants.of(record).unwrap(record)));
    }

    /** StudyInstanceUID of the study that a key seals, without what fills it up; empty if there is no such key. */
    public Optional<String> studyUid(UUID key) throws IOException {
        return records.read(key, record -> StudyName.uid(tenants.of(record).unwrap(record)));
    }

    /** The key that new files of the same study get, for the tenant whose what this key sealed is; empty if there is none, or this is no study's. */
    public Optional<UUID> nextKey(UUID key) throws IOException {
        Optional<KeyedStudy> study = study(key);
        Optional<Tenant> owner = owners.tenantOf(key)
                .map(sealedFor -> owners.written(key, sealedFor))
                .flatMap(tenants::find);
        return study.isEmpty() || owner.isEmpty()
                ? Optional.empty()
                : records.find(owner.get()
                        .tags()
                        .study(study.get().patientId(), study.get().studyInstanceUid()));
    }
}
