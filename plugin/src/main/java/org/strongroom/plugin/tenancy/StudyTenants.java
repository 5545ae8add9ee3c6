package org.strongroom.plugin.tenancy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;

/**
 * Whose each study and patient is. Nothing is forgotten while Orthanc runs: a study that was deleted stays its tenant's.
 * Thread-safe.
 */
public final class StudyTenants {
    /** By half of what Orthanc calls it: that is as good as unique, and half the memory. */
    private final Map<UUID, Study> studies = new HashMap<>();

    private final Map<UUID, List<String>> patients = new HashMap<>();
    /** Those of them that are several tenants': few, and asked about for each study of a list. */
    private final Set<UUID> sharedPatients = new HashSet<>();

    private final Map<UUID, List<String>> uids = new HashMap<>();
    /** StudyInstanceUIDs that tenants have chosen for studies that are not there yet. */
    private final Map<UUID, String> reserved = new HashMap<>();

    private final List<Stray> strays = new ArrayList<>();
    private final AtomicLong assignments = new AtomicLong();
    /** What Orthanc calls studies that have something of nobody knows whose. */
    private final Set<String> closed = new HashSet<>();

    /** There never were several tenants: all is one's. */
    private final boolean ones;

    private Consumer<Set<String>> listener = names -> {};

    /** Of several tenants; nothing is theirs yet. */
    public StudyTenants() {
        this(false);
    }

    private StudyTenants(boolean ones) {
        this.ones = ones;
    }

    /**
     * @param tenants the owner first, then those who have sealed something into the same study
     * @param patients what Orthanc may call its patient
     */
    private record Study(List<String> tenants, Set<UUID> patients) {}

    /**
     * Every study that the keyring has a key of; each record is opened.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if one does not open: nobody may guess whose it was
     */
    public static StudyTenants of(Keyring keyring) throws IOException {
        StudyTenants all = new StudyTenants(keyring.owners().areOnes());
        List<KeyedStudy> outside = new ArrayList<>();
        keyring.names().all((key, tenant, open, patientId, studyInstanceUid) -> {
            if (tenant.equals(AccessSettings.QUARANTINE) && !open) {
                outside.add(new KeyedStudy(patientId, studyInstanceUid));
            } else if (tenant.equals(AccessSettings.QUARANTINE)) {
                all.quarantined(true, patientId, studyInstanceUid);
            } else {
                all.add(tenant, patientId, studyInstanceUid);
            }
        });
        // Last, however old they are: of a study whose first key was destroyed they must not make quarantine the owner.
        outside.forEach(study -> all.quarantined(false, study.patientId(), study.studyInstanceUid()));
        return all;
    }

    /** A closed key of quarantine's in another's study: what it sealed is out of Orthanc. */
    private synchronized void quarantined(boolean open, byte[] patientId, byte[] studyInstanceUid) {
        if (!isAnothers(AccessSettings.QUARANTINE, patientId, studyInstanceUid)) {
            add(AccessSettings.QUARANTINE, patientId, studyInstanceUid);
        } else if (open && !ones) { // who is alone has nobody who could have sent into a study of theirs
            strays.add(new Stray(patientId, studyInstanceUid, false));
        }
    }

    /** Whether all is one tenant's, under whatever names it was sealed, but for what nobody has decided about. */
    public boolean areOnes() {
        return ones;
    }

    /**
     * The tenant that something of a study is sealed for: {@code tenant}, whose the study is from now on, or quarantine if the study,
     * or another one with its StudyInstanceUID, is another's. Then the study is closed until {@link StrayRemoval} has had it out of
     * Orthanc. Raw values as in the file.
     *
     * @param instance what Orthanc may call the instance
     */
    public synchronized String claim(
            String tenant, UUID attachment, Supplier<Set<String>> instance, byte[] patientId, byte[] studyInstanceUid) {
        String claimed = isAnothers(tenant, patientId, studyInstanceUid) ? AccessSettings.QUARANTINE : tenant;
        if (isAnothers(claimed, patientId, studyInstanceUid)) {
            stray(patientId, studyInstanceUid).arrive(attachment, instance.get());
        } else {
            add(claimed, patientId, studyInstanceUid);
        }
        return claimed;
    }

    private Stray stray(byte[] patientId, byte[] studyInstanceUid) {
        Optional<Stray> known = strays.stream()
                .filter(stray -> Arrays.equals(stray.patientId(), patientId)
                        && Arrays.equals(stray.studyInstanceUid(), studyInstanceUid))
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        Stray made = new Stray(patientId, studyInstanceUid, true);
        strays.add(made);
        return made;
    }

    /** Orthanc does not have this attachment, or has it no longer. */
    public synchronized void gone(UUID attachment) {
        strays.forEach(stray -> stray.gone(attachment));
    }

    synchronized List<Stray> strays() {
        return List.copyOf(strays);
    }

    synchronized boolean isChecked(Stray stray) {
        return stray.isChecked();
    }

    synchronized void check(Stray stray) {
        stray.check();
    }

    synchronized Map<UUID, Set<String>> arrived(Stray stray) {
        return stray.arrived();
    }

    /** Until {@link #open} only who may see quarantine sees the study that Orthanc calls so. */
    synchronized void close(String orthancId) {
        closed.add(orthancId);
    }

    synchronized void open(String orthancId) {
        closed.remove(orthancId);
    }

    /** The study is its owner's alone again, unless something of somebody else's is in it, or on its way. */
    synchronized void reopen(Stray stray, StrayKeys keys) throws IOException {
        if (stray.isOver()) {
            // Nobody has the key any more who could still use it: whoever does has arrived first.
            keys.close(stray.patientId(), stray.studyInstanceUid());
            strays.remove(stray);
        }
    }

    /** Writes an assignment down for good. */
    @FunctionalInterface
    public interface Lasting {
        void write() throws IOException;
    }

    /** Changes whenever studies are given away: whoever has asked before whose a study is, and sealed since, asks again. */
    public long assignments() {
        return assignments.get();
    }

    /**
     * Gives studies that have one StudyInstanceUID to another tenant; nobody claims anything meanwhile.
     *
     * @param lasting called when nothing is against it
     * @throws StrongroomException REFUSED, with nothing changed, if anything of them is another's than {@code from}'s, or may be
     */
    public synchronized void assign(String from, String to, Set<KeyedStudy> given, Lasting lasting) throws IOException {
        assignments.incrementAndGet();
        given.forEach(study -> requireAllOf(from, study));
        lasting.write();
        Set<UUID> known = new HashSet<>();
        for (KeyedStudy study : given) {
            OrthancId.ofStudy(study.patientId(), study.studyInstanceUid())
                    .forEach(name -> studies.computeIfPresent(
                            half(name), (half, before) -> new Study(List.of(to), before.patients())));
            uids.put(half(study.studyInstanceUid()), List.of(to));
            OrthancId.ofPatient(study.patientId()).forEach(name -> known.add(half(name)));
        }
        known.forEach(patients::remove);
        sharedPatients.removeAll(known);
        for (Study study : studies.values()) {
            study.patients().stream().filter(known::contains).forEach(patient -> addPatient(patient, study.tenants()));
        }
    }

    private void requireAllOf(String from, KeyedStudy study) {
        for (String name : OrthancId.ofStudy(study.patientId(), study.studyInstanceUid())) {
            if (hasStray(name)) {
                throw StrongroomException.of(
                                FailureKind.UNAVAILABLE, "something of another tenant's is being taken out of a study")
                        .cure("Try again in a minute; strongroom audit search --type alert tells what it is");
            }
            Study known = studies.get(half(name));
            if (known == null || !known.tenants().equals(List.of(from))) {
                throw refused("a study is not one tenant's alone", from);
            }
        }
        if (!uids.getOrDefault(half(study.studyInstanceUid()), List.of()).equals(List.of(from))) {
            throw refused("another tenant has a study with the same StudyInstanceUID", from);
        }
    }

    private static StrongroomException refused(String why, String from) {
        return StrongroomException.of(FailureKind.REFUSED, why)
                .with("from", from)
                .cure("Nobody can tell whose it is: export it (strongroom export --study), and let the tenants decide");
    }

    /** Whether a study, or another one with its StudyInstanceUID, is somebody else's than {@code tenant}'s. */
    public synchronized boolean isAnothers(String tenant, byte[] patientId, byte[] studyInstanceUid) {
        return owners(patientId, studyInstanceUid).stream().anyMatch(owner -> !owner.equals(tenant));
    }

    /** Whether any study is somebody else's than {@code tenant}'s. */
    public synchronized boolean hasOthers(String tenant) {
        return studies.values().stream()
                .anyMatch(study -> study.tenants().stream().anyMatch(owner -> !owner.equals(tenant)));
    }

    /** Whose a study is already; empty if it is nobody's, or several have a part in what it could be. */
    public synchronized Optional<String> owner(byte[] patientId, byte[] studyInstanceUid) {
        Set<String> owners = owners(patientId, studyInstanceUid);
        return owners.size() == 1 ? Optional.of(owners.iterator().next()) : Optional.empty();
    }

    private Set<String> owners(byte[] patientId, byte[] studyInstanceUid) {
        Set<String> owners = new HashSet<>();
        for (String name : OrthancId.ofStudy(patientId, studyInstanceUid)) {
            Study known = studies.get(half(name));
            if (known != null) {
                owners.add(known.tenants().get(0));
            }
        }
        owners.addAll(uids.getOrDefault(half(studyInstanceUid), List.of()).stream()
                .limit(1)
                .toList());
        Optional.ofNullable(reserved.get(half(studyInstanceUid))).ifPresent(owners::add);
        return owners;
    }

    /** @param listener told what Orthanc may call a study of which nothing was known before; must not block */
    synchronized void listen(Consumer<Set<String>> listener) {
        this.listener = listener;
    }

    private synchronized void add(String tenant, byte[] patientId, byte[] studyInstanceUid) {
        Set<String> called = OrthancId.ofStudy(patientId, studyInstanceUid);
        boolean known = called.stream().allMatch(name -> studies.containsKey(half(name)));
        Set<UUID> names = new HashSet<>();
        OrthancId.ofPatient(patientId).forEach(name -> names.add(half(name)));
        names.forEach(name -> addPatient(name, List.of(tenant)));
        Set<UUID> shared = Set.copyOf(names);
        for (String name : called) {
            studies.merge(
                    half(name),
                    new Study(List.of(tenant), shared),
                    (one, other) -> new Study(both(one.tenants(), other.tenants()), both(one.patients(), shared)));
        }
        uids.merge(half(studyInstanceUid), List.of(tenant), StudyTenants::both);
        if (!known) {
            listener.accept(called);
        }
    }

    private void addPatient(UUID name, List<String> tenants) {
        if (patients.merge(name, tenants, StudyTenants::both).size() > 1) {
            sharedPatients.add(name);
        }
    }

    private static List<String> both(List<String> one, List<String> other) {
        if (one.containsAll(other)) {
            return one;
        }
        List<String> all = new ArrayList<>(one);
        other.stream().filter(tenant -> !one.contains(tenant)).forEach(all::add);
        return List.copyOf(all);
    }

    private static Set<UUID> both(Set<UUID> one, Set<UUID> other) {
        if (one.containsAll(other)) {
            return one;
        }
        Set<UUID> all = new HashSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }

    /**
     * Whose a study is.
     *
     * @param tenants those who have something in it, its owner first; none if it is nobody's
     * @param sharedPatient whether its patient is another's as well
     */
    public record Whose(List<String> tenants, boolean sharedPatient) {}

    /** Of the study that Orthanc calls so. Asked about each of a long list: memory alone, and no more of that than it needs. */
    public synchronized Whose whose(String orthancId) {
        Study known = studies.get(half(orthancId));
        List<String> owners = known == null ? List.of() : known.tenants();
        if (hasStray(orthancId)) {
            return new Whose(both(owners, List.of(AccessSettings.QUARANTINE)), true);
        }
        return new Whose(owners, known != null && isShared(known.patients()));
    }

    private boolean isShared(Set<UUID> names) {
        if (sharedPatients.isEmpty() && strays.isEmpty()) {
            return false;
        }
        for (UUID name : names) {
            if (sharedPatients.contains(name) || isStrays(name)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link Whose#tenants}. */
    public List<String> ofStudy(String orthancId) {
        return whose(orthancId).tenants();
    }

    /** As {@link Whose#sharedPatient}. */
    public boolean hasSharedPatient(String orthancId) {
        return whose(orthancId).sharedPatient();
    }

    private boolean hasStray(String orthancId) {
        return (!closed.isEmpty() && closed.contains(orthancId))
                || (!strays.isEmpty()
                        && strays.stream().anyMatch(stray -> stray.studies().contains(orthancId)));
    }

    /** What the patient of the study that Orthanc calls so may be known by; nothing if it is nobody's. */
    public synchronized Set<UUID> patientsOf(String orthancId) {
        Study known = studies.get(half(orthancId));
        return known == null ? Set.of() : known.patients();
    }

    /** What a patient may be known by in the parts of {@link org.strongroom.plugin.access.Ownership.Owners}, by the PatientID as it is typed. */
    public static Set<UUID> patientsNamed(String patientId) {
        return Stream.of(StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1)
                .flatMap(charset -> patientsNamed(patientId.getBytes(charset)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The same by the raw value in a file. */
    static Set<UUID> patientsNamed(byte[] patientId) {
        return OrthancId.ofPatient(patientId).stream().map(StudyTenants::half).collect(Collectors.toUnmodifiableSet());
    }

    /** What a StudyInstanceUID is known by in {@link #reserve}. */
    public static UUID studyNamed(String studyInstanceUid) {
        return half(studyInstanceUid.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A tenant is about to have a study with this StudyInstanceUID, unless another one has it, or is about to: whoever sends something
     * with it until {@link #release} goes into another's study.
     *
     * @return whether it is the tenant's
     */
    public synchronized boolean reserve(String tenant, UUID studyNamed) {
        boolean theirs = uids.getOrDefault(studyNamed, List.of()).stream().allMatch(tenant::equals);
        return theirs && reserved.computeIfAbsent(studyNamed, none -> tenant).equals(tenant);
    }

    /** It has the study by now, or is not going to have it. */
    public synchronized void release(String tenant, UUID studyNamed) {
        reserved.remove(studyNamed, tenant);
    }

    /** Whether one of these patients is another tenant's as well, or was. */
    public synchronized boolean haveOthers(String tenant, Set<UUID> patients) {
        return patients.stream()
                .anyMatch(patient -> isStrays(patient)
                        || this.patients.getOrDefault(patient, List.of()).stream()
                                .anyMatch(owner -> !owner.equals(tenant)));
    }

    private boolean isStrays(UUID patient) {
        return !strays.isEmpty()
                && strays.stream().anyMatch(stray -> stray.patients().contains(patient));
    }

    static UUID half(String orthancId) {
        return new UUID(
                (word(orthancId, 0) << 32) | word(orthancId, 9), (word(orthancId, 18) << 32) | word(orthancId, 27));
    }

    private static long word(String orthancId, int at) {
        return HexFormat.fromHexDigitsToLong(orthancId, at, at + 8);
    }

    private static UUID half(byte[] studyInstanceUid) {
        String text = new String(studyInstanceUid, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .trim();
        ByteBuffer digest = ByteBuffer.wrap(
                Sha256.of(text.getBytes(StandardCharsets.US_ASCII)).toBytes());
        return new UUID(digest.getLong(), digest.getLong());
    }
}
