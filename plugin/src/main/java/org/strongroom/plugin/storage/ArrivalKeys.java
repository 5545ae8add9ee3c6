package org.strongroom.plugin.storage;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.tenancy.Arrivals;

/** Whose what arrives is, and the key that it is sealed under: one that nobody destroys before it is left. Thread-safe. */
final class ArrivalKeys {
    private final Keyring keyring;
    private final Holds holds;
    private final Journal journal;
    private final Optional<Arrivals> tenants;

    /** @param tenants says whose an image is; empty if all are the first tenant's */
    ArrivalKeys(Keyring keyring, Holds holds, Journal journal, Optional<Arrivals> tenants) {
        this.keyring = keyring;
        this.holds = holds;
        this.journal = journal;
        this.tenants = tenants;
    }

    /**
     * Whose something is, and the key that it is sealed under.
     *
     * @param tenant empty for whoever's the study is, or the first one
     * @param key entered: whoever has it leaves it
     */
    record Owned(Optional<String> tenant, StudyKey key) {}

    /** For what arrives. Whose it is is asked again if studies were given away before the key was entered. */
    Owned choose(Attachment attachment, ArrivalContext source, Optional<Identity> known, ContentFacts facts)
            throws IOException {
        while (true) {
            long before = assignments();
            Optional<String> tenant = ContentReader.isDicom(attachment)
                    ? tenants.map(all -> claim(all, attachment, source, known, facts))
                    : tenants.filter(all -> known.isEmpty()).flatMap(all -> all.tenantOfSender(source));
            Optional<KeyedStudy> study = known.map(ArrivalKeys::study);
            Optional<String> sealedFor = study.isPresent() ? tenant.map(name -> sealedFor(name, study.get())) : tenant;
            Optional<StudyKey> key = entered(study, sealedFor, () -> assignments() == before);
            if (key.isPresent() && assignments() == before) {
                return new Owned(tenant, key.get());
            }
            key.map(StudyKey::id).ifPresent(keyring::leave);
            tenants.ifPresent(all -> all.gone(attachment.uuid()));
        }
    }

    /**
     * For what is sealed once more.
     *
     * @param former the key of its study until now
     */
    Owned chooseAgain(UUID former, KeyedStudy study) throws IOException {
        while (true) {
            long before = assignments();
            UUID sealedFor =
                    keyring.owners().tenantOf(former).orElseThrow(() -> new IllegalStateException("no such key"));
            Optional<String> tenant = keyring.tenantName(keyring.owners().written(former, sealedFor));
            Optional<StudyKey> key = entered(Optional.of(study), tenant, () -> assignments() == before);
            if (key.isPresent() && assignments() == before) {
                return new Owned(tenant, key.get());
            }
            key.map(StudyKey::id).ifPresent(keyring::leave);
        }
    }

    /** An attachment names a study; that there is one, the keyring knows. */
    boolean isKnown(Identity identity) {
        return keyring.knownStudyKey(identity.patientId(), identity.studyInstanceUid())
                .isPresent();
    }

    /** Where the one tenant has another name now, a study goes on with the key that it has: a second one would make it two tenants' one day. */
    private String sealedFor(String tenant, KeyedStudy study) {
        if (tenant.equals(AccessSettings.QUARANTINE)
                || tenants.filter(Arrivals::areOnes).isEmpty()) {
            return tenant;
        }
        return Stream.concat(Stream.of(tenant), keyring.tenantNames().stream().sorted())
                .filter(name -> !name.equals(AccessSettings.QUARANTINE))
                .filter(name -> keyring.findStudyKey(name, study.patientId(), study.studyInstanceUid())
                        .isPresent())
                .findFirst()
                .orElse(tenant);
    }

    private long assignments() {
        return tenants.map(Arrivals::assignments).orElse(0L);
    }

    private static String claim(
            Arrivals all, Attachment attachment, ArrivalContext source, Optional<Identity> known, ContentFacts facts) {
        String tenant = all.tenantOf(attachment.uuid(), source, known, facts::instanceNames, facts.origin());
        // Of what Orthanc writes anew, and of a beginning beside its file, it does not say what it calls the instance.
        if (attachment.contentType() == Attachment.DICOM && source.origin() != ArrivalContext.Origin.UNKNOWN) {
            all.expect(attachment.uuid(), known.isPresent() ? facts.instanceNames() : Set.of());
        }
        return tenant;
    }

    /** A key that nobody destroys before this has left it; empty if one would have to be made, and is not to be. */
    private Optional<StudyKey> entered(Optional<KeyedStudy> study, Optional<String> tenant, BooleanSupplier mayMake)
            throws IOException {
        Optional<StudyKey> key = keyFor(study, tenant, mayMake);
        while (key.isPresent() && !keyring.enter(key.get().id())) {
            key = keyFor(study, tenant, mayMake);
        }
        return key;
    }

    /** What belongs to no known study has a key of its own. */
    private Optional<StudyKey> keyFor(Optional<KeyedStudy> whose, Optional<String> tenant, BooleanSupplier mayMake)
            throws IOException {
        if (whose.isEmpty()) {
            return Optional.of(tenant.isPresent() ? keyring.attachmentKey(tenant.get()) : keyring.attachmentKey());
        }
        byte[] patient = whose.get().patientId();
        byte[] study = whose.get().studyInstanceUid();
        Optional<String> owner = tenant.isPresent() ? tenant : ownerOfClosed(patient, study);
        Optional<StudyKey> key = keyring.studyKey(owner, patient, study, mayMake);
        if (key.isPresent()) {
            holds.cover(key.get().id(), patient, study, journal);
        }
        return key;
    }

    /** Of a study that was given to a tenant, and has no key in use since: what is attached to it is that tenant's. */
    private Optional<String> ownerOfClosed(byte[] patient, byte[] study) throws IOException {
        if (keyring.findStudyKey(patient, study).isPresent()) {
            return Optional.empty();
        }
        Optional<UUID> closed = keyring.knownStudyKey(patient, study);
        Optional<UUID> sealedFor = closed.isPresent() ? keyring.owners().tenantOf(closed.get()) : Optional.empty();
        return sealedFor
                .map(tenant -> keyring.owners().written(closed.get(), tenant))
                .flatMap(keyring::tenantName);
    }

    private static KeyedStudy study(Identity identity) {
        return new KeyedStudy(identity.patientId(), identity.studyInstanceUid());
    }
}
