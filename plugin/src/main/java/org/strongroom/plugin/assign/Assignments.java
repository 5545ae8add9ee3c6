package org.strongroom.plugin.assign;

import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.StudyTenants;

/** Gives studies to other tenants, and learns from the journal which were given. Thread-safe. */
public final class Assignments {
    private static final String COMMAND_LINE = "command line";

    private final Keyring keyring;
    private final Set<UUID> ever = new HashSet<>();

    public Assignments(Keyring keyring) {
        this.keyring = keyring;
    }

    /** Takes in an entry of the journal; those that are not about assignments change nothing. */
    public synchronized void replay(JournalEntry entry) {
        if (entry.type() == JournalType.ASSIGNED) {
            ever.add(entry.id());
            entry.keys().forEach(key -> keyring.owners().give(key, entry.tenant()));
        }
    }

    /**
     * The order to give studies away, which passes through the sidecar: that can neither read nor make one, nor have it mean others.
     *
     * @param keys every key of studies with one StudyInstanceUID that is {@code text.from()}'s
     */
    public static AssignmentRequest order(Keyring keyring, AssignmentText text, List<UUID> keys) {
        UUID id = UUID.randomUUID();
        byte[] sealed = keyring.state().seal(name(id), ControlJson.write(SealedAssignment.of(text, keys)));
        return new AssignmentRequest(id, Base64.getEncoder().encodeToString(sealed), keys);
    }

    private static String name(UUID assignment) {
        return "assigned/" + assignment;
    }

    /**
     * Carries out what somebody with the keys ordered; it is in force when this returns.
     *
     * @param kept the tenants of the settings, to one of whom it may go
     * @throws StrongroomException CORRUPT if nobody with the keys did; REFUSED if it was done before, or these are not, or not all,
     *     keys of what is the giver's alone
     */
    public synchronized void carryOut(
            AssignmentRequest order,
            Set<String> kept,
            StudyTenants studies,
            Journal journal,
            Holds holds,
            AuditTap audit)
            throws IOException {
        byte[] sealed = Base64.getDecoder().decode(order.text());
        SealedAssignment what =
                ControlJson.readRequest(keyring.state().open(name(order.assignment()), sealed), SealedAssignment.class);
        UUID to = keyring.tenantNamed(what.to())
                .filter(tenant -> kept.contains(what.to()) && !what.to().equals(AccessSettings.QUARANTINE))
                .orElseThrow(() -> refused("no such tenant in the settings")
                        .with("tenant", what.to())
                        .cure("Name one of Strongroom.Tenants that Orthanc was started with"));
        Set<KeyedStudy> given = studies(order, what);
        studies.assign(what.from(), what.to(), given, () -> {
            Set<UUID> open = open(order, what.from(), given);
            holds.cover(what.to(), order.keys(), journal);
            tell(order, what, kept, audit); // rather twice than never
            write(order, sealed, to, open, journal);
        });
    }

    private Set<KeyedStudy> studies(AssignmentRequest order, SealedAssignment what) throws IOException {
        if (!what.means(order.keys())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "an assignment is not about these keys")
                    .with("assignment", order.assignment());
        }
        if (ever.contains(order.assignment())) {
            throw refused("this assignment was made before").with("assignment", order.assignment());
        }
        if (order.keys().isEmpty() || order.keys().size() > JournalEntry.MOST_ASSIGNED) {
            throw refused("an assignment of too many keys, or none")
                    .with("keys", order.keys().size());
        }
        Set<KeyedStudy> given = new LinkedHashSet<>();
        for (UUID key : order.keys()) {
            Optional<KeyedStudy> study = keyring.names().study(key);
            if (study.isEmpty() || !isOf(what.from(), key)) {
                throw changed("a key is of no study, or not the giver's");
            }
            given.add(study.get());
        }
        Set<String> uids = given.stream().map(KeyedStudy::uid).collect(Collectors.toSet());
        if (uids.size() != 1 || uids.contains("")) {
            throw refused("an assignment of studies that have not one StudyInstanceUID");
        }
        return given;
    }

    private boolean isOf(String tenant, UUID key) throws IOException {
        return keyring.owners()
                .tenantOf(key)
                .map(sealedFor -> keyring.owners().of(key, sealedFor))
                .flatMap(keyring::tenantName)
                .filter(tenant::equals)
                .isPresent();
    }

    /** To be asked while nobody claims anything: whoever has before, and has no key yet, is not given one. */
    private Set<UUID> open(AssignmentRequest order, String from, Set<KeyedStudy> given) throws IOException {
        for (UUID key : keyring.names().ofStudy(given.iterator().next().uid())) {
            if (!order.keys().contains(key) && isOf(from, key)) {
                throw changed("a key of another study with the same StudyInstanceUID is not named");
            }
        }
        Set<UUID> open = new HashSet<>();
        given.forEach(study -> open.addAll(keyring.openKeys(study.patientId(), study.studyInstanceUid())));
        if (!order.keys().containsAll(open)) {
            throw changed("a key of a study is not named");
        }
        return open;
    }

    /** What is sealed from now on gets another key: this one says whose it was. */
    private void write(AssignmentRequest order, byte[] sealed, UUID to, Set<UUID> open, Journal journal)
            throws IOException {
        for (UUID key : open) {
            journal.keyClosed(key);
            keyring.retire(key);
        }
        journal.assigned(order.assignment(), to, order.keys(), sealed);
        ever.add(order.assignment());
        order.keys().forEach(key -> keyring.owners().give(key, to));
    }

    private static void tell(AssignmentRequest order, SealedAssignment what, Set<String> kept, AuditTap audit) {
        AuditEvent event = AuditEvent.of(AuditType.ASSIGNMENT)
                .by(COMMAND_LINE)
                .ofTenant(what.to())
                .with("assignment", order.assignment())
                .with("from", what.from());
        for (UUID key : order.keys()) { // each by itself: the log is searched by key
            audit.record(event.with("key", key));
        }
        if (kept.contains(what.from()) && !what.from().equals(AccessSettings.QUARANTINE)) {
            audit.record(AuditEvent.of(AuditType.ALERT)
                    .by(COMMAND_LINE)
                    .ofTenant(what.from())
                    .failed("a study of one tenant was given to another")
                    .with("assignment", order.assignment())
                    .with("to", what.to()));
        }
    }

    private static StrongroomException changed(String why) {
        return refused(why).cure("Something arrived or changed meanwhile: run the command again");
    }

    private static StrongroomException refused(String why) {
        return StrongroomException.of(FailureKind.REFUSED, why);
    }
}
