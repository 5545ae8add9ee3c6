package org.strongroom.plugin.hold;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalEntry;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.plugin.audit.Announced;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyedStudy;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StudyName;

/** The holds that are not over, by the journal. Thread-safe. */
public final class Holds {
    private static final String STRONGROOM = "Strongroom";

    private final Keyring keyring;
    private final InstantSource clock;
    private final Map<UUID, Open> open = new LinkedHashMap<>();
    /** Keys of holds of {@link HoldText.Kind#QUERY} that are not said yet: those are journaled before it, so that there is never half of one. */
    private final Map<UUID, Set<UUID>> unsaid = new LinkedHashMap<>();
    /** What every hold says that there ever was. */
    private final Set<HoldText> ever = new HashSet<>();
    /** Whether any is on a patient or a study: nearly always none is, and arrivals wait for nobody. */
    private volatile boolean onArrivals;

    private final Restrictions restrictions = new Restrictions();
    /** Throws where nobody would enforce one. */
    private volatile Runnable mayRestrict = () -> {};

    /**
     * @param studies StudyInstanceUIDs of what a query holds, of as many of its keys as {@code known} says
     */
    private record Open(Instant since, HoldText text, Set<UUID> held, Set<String> studies, Set<UUID> known) {
        Open(Instant since, HoldText text, Set<UUID> held) {
            this(since, text, held, new HashSet<>(), new HashSet<>());
        }
    }

    public Holds(Keyring keyring, InstantSource clock) {
        this.keyring = keyring;
        this.clock = clock;
    }

    /** What is shown to nobody; up to date from {@link #complete} on. */
    public Restrictions restrictions() {
        return restrictions;
    }

    /** @param required asked before a hold that restricts is made; throws REFUSED where nobody would enforce it */
    public void restrictOnlyIf(Runnable required) {
        mayRestrict = required;
    }

    /**
     * Takes in an entry of the journal; those that are not about holds change nothing.
     *
     * @throws StrongroomException CORRUPT if the text of a hold is not this installation's
     */
    public synchronized void replay(JournalEntry entry) {
        if (entry.type() == JournalType.HOLD) {
            HoldText text = text(entry.id(), entry.sealedText());
            ever.add(text);
            Set<UUID> before = unsaid.remove(entry.id());
            Set<UUID> held = before == null ? new HashSet<>() : before;
            open.putIfAbsent(entry.id(), new Open(Instant.ofEpochMilli(entry.time()), text, held));
            onArrivals |= isOnArrivals(text);
        } else if (entry.type() == JournalType.HELD && open.containsKey(entry.id())) {
            open.get(entry.id()).held().add(entry.held());
        } else if (entry.type() == JournalType.HELD) {
            unsaid.computeIfAbsent(entry.id(), unused -> new HashSet<>()).add(entry.held());
        } else if (entry.type() == JournalType.HOLD_ENDED) {
            unsaid.remove(entry.id());
            open.remove(entry.id());
            onArrivals = open.values().stream().anyMatch(hold -> isOnArrivals(hold.text()));
        }
    }

    /** A tenant's is on all of its keys as it is. */
    private static boolean isOnArrivals(HoldText text) {
        return text.kind() != HoldText.Kind.TENANT;
    }

    /** Whether what a key of this tenant seals is under any hold. */
    public synchronized boolean isHeld(UUID key, Optional<UUID> tenant) {
        return open.values().stream()
                .anyMatch(hold -> hold.held().contains(key)
                        || tenant.filter(hold.held()::contains).isPresent());
    }

    private HoldText text(UUID hold, byte[] sealed) {
        return ControlJson.readRequest(keyring.state().open(HoldOrder.name(hold, false), sealed), HoldText.class);
    }

    /** All, the oldest first. */
    public synchronized List<Hold> open() {
        return open.entrySet().stream()
                .map(one -> new Hold(
                        one.getKey(),
                        one.getValue().since(),
                        one.getValue().text(),
                        one.getValue().held()))
                .toList();
    }

    /**
     * Carries out what somebody with the keys ordered; it is in force when this returns.
     *
     * @throws StrongroomException CORRUPT if nobody with the keys did; NOT_FOUND if the hold that is to end is not open; REFUSED if one
     *     with this id is
     */
    public void carryOut(HoldOrder order, Journal journal, AuditTap audit) throws IOException {
        carryOut(order, journal, audit, AuditEvent.COMMAND_LINE);
    }

    private void carryOut(HoldOrder order, Journal journal, AuditTap audit, String by) throws IOException {
        AuditEvent event =
                AuditEvent.of(AuditType.HOLD).by(by).with("hold", order.hold()).with("ended", order.ends());
        Function<HoldText, Announced> told = text -> {
            List<UUID> held = order.ends() ? held(order.hold()) : order.held();
            return new Announced(event, one -> tell(one, text, held, audit));
        };
        if (order.ends()) {
            end(order, journal, told);
        } else {
            HoldText text = add(order, journal, told);
            // What got its key since the order was made, and asked before this hold was open.
            put(order.hold(), keysOf(order.hold(), text), journal);
        }
    }

    private synchronized List<UUID> held(UUID hold) {
        return open.get(hold).held().stream().sorted().toList();
    }

    /** Of a study or patient each key by itself: the log is searched by key. Of a query they may be thousands. */
    private static void tell(AuditEvent event, HoldText text, List<UUID> held, AuditTap audit) {
        AuditEvent kind = event.with("on", text.kind().word());
        AuditEvent about = text.restricts() ? kind.with("restricts", true) : kind;
        long last = 0;
        switch (text.kind()) {
            case TENANT -> last = audit.write(about.ofTenant(text.name()));
            case QUERY -> last = audit.write(about.with("keys", held.size()));
            case STUDY, PATIENT -> {
                for (UUID key : held) {
                    last = audit.write(about.with("key", key));
                }
                last = held.isEmpty() ? audit.write(about) : last;
            }
        }
        audit.sync(last);
    }

    /**
     * Puts under every hold what it holds by its text: a crash between the entry of a hold and those of its keys leaves one that
     * holds nothing. What a query was to hold, and never came to, is let go. To be called by whoever has opened the journal for writing.
     */
    public synchronized void complete(Journal journal) throws IOException {
        for (UUID never : List.copyOf(unsaid.keySet())) {
            HoldEnd end = new HoldEnd(STRONGROOM, "its making was interrupted");
            journal.holdEnded(never, HoldOrder.end(keyring, never, end).sealedText());
            unsaid.remove(never);
        }
        for (Map.Entry<UUID, Open> hold : open.entrySet()) {
            put(hold.getKey(), keysOf(hold.getKey(), hold.getValue().text()), journal);
        }
        restrictions.become(restrictedBut(Optional.empty()));
    }

    /** What the open holds restrict, one of them left out. */
    private Set<String> restrictedBut(Optional<UUID> left) throws IOException {
        Set<String> restricted = new HashSet<>();
        for (Map.Entry<UUID, Open> hold : open.entrySet()) {
            if (hold.getValue().text().restricts() && !left.equals(Optional.of(hold.getKey()))) {
                for (UUID key : hold.getValue().held()) {
                    restricted.addAll(studiesOf(key));
                }
            }
        }
        return restricted;
    }

    /** What Orthanc may call the study of a key; nothing, if it has none. */
    private Set<String> studiesOf(UUID key) throws IOException {
        return keyring.names()
                .study(key)
                .map(study -> OrthancId.ofStudy(study.patientId(), study.studyInstanceUid()))
                .orElse(Set.of());
    }

    /**
     * Puts a tenant under a hold of Strongroom's own, once: who ends it has decided, and is not asked again.
     *
     * @param tenant one that has keys
     */
    public void keepOnce(String tenant, String why, Journal journal, AuditTap audit) throws IOException {
        HoldText text = new HoldText(STRONGROOM, why, HoldText.Kind.TENANT, tenant);
        if (!wasSaid(text)) {
            carryOut(HoldOrder.add(keyring, text, ofTenant(tenant)), journal, audit, STRONGROOM);
        }
    }

    /** Whether {@link #keepOnce} ever put this tenant under a hold, also one that is over. */
    public synchronized boolean hasEverKept(String tenant) {
        return ever.stream()
                .anyMatch(text -> text.owner().equals(STRONGROOM)
                        && text.kind() == HoldText.Kind.TENANT
                        && text.name().equals(tenant));
    }

    /**
     * Puts what a study's key, or one without a study, has sealed under a hold of Strongroom's own, if it is not under the same one
     * already.
     */
    public void keep(UUID key, String why, Journal journal, AuditTap audit) throws IOException {
        HoldText text = new HoldText(STRONGROOM, why, HoldText.Kind.STUDY, key.toString());
        if (open().stream().noneMatch(hold -> hold.text().equals(text))) {
            carryOut(HoldOrder.add(keyring, text, List.of(key)), journal, audit, STRONGROOM);
        }
    }

    private synchronized boolean wasSaid(HoldText text) {
        return ever.contains(text);
    }

    private synchronized void end(HoldOrder order, Journal journal, Function<HoldText, Announced> told)
            throws IOException {
        UUID id = order.hold();
        ControlJson.readRequest(keyring.state().open(HoldOrder.name(id, true), order.sealedText()), HoldEnd.class);
        if (!open.containsKey(id)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such hold, or it is over")
                    .with("hold", id)
                    .cure("Look for it: strongroom hold list");
        }
        HoldText text = open.get(id).text();
        Set<String> left = text.restricts() ? restrictedBut(Optional.of(id)) : Set.of();
        told.apply(text).then(() -> journal.holdEnded(id, order.sealedText()));
        open.remove(id);
        if (text.restricts()) {
            restrictions.become(left);
        }
    }

    private HoldText add(HoldOrder order, Journal journal, Function<HoldText, Announced> told) throws IOException {
        UUID id = order.hold();
        HoldText text = text(id, order.sealedText());
        if (!text.isAbout(order.held())) {
            throw StrongroomException.of(FailureKind.CORRUPT, "these are not the keys that the hold was sealed for")
                    .with("hold", id)
                    .cure("Make it anew; if it is refused again, the sidecar is not to be trusted");
        }
        if (text.restricts()) {
            requireRestricting(order.held());
        }
        requireNew(id);
        boolean query = text.kind() == HoldText.Kind.QUERY;
        if (query) { // thousands, while images arrive
            for (UUID key : order.held()) {
                journal.held(id, key);
            }
        }
        synchronized (this) {
            requireNew(id);
            told.apply(text).then(() -> journal.hold(id, order.sealedText()));
            ever.add(text);
            open.put(id, new Open(clock.instant(), text, new HashSet<>(query ? order.held() : List.of())));
            onArrivals |= isOnArrivals(text);
            put(id, order.held(), journal);
        }
        return text;
    }

    private void requireRestricting(List<UUID> keys) throws IOException {
        mayRestrict.run();
        for (UUID key : keys) {
            if (!studiesOf(key).isEmpty()) {
                return;
            }
        }
        throw StrongroomException.of(FailureKind.REFUSED, "a restriction is of a study, and this key has none")
                .cure("Name the study or the patient as Orthanc shows it");
    }

    private synchronized void requireNew(UUID id) {
        if (open.containsKey(id)) {
            throw StrongroomException.of(FailureKind.REFUSED, "this hold was made before")
                    .with("hold", id);
        }
    }

    private synchronized void put(UUID hold, List<UUID> keys, Journal journal) throws IOException {
        Open under = open.get(hold);
        for (UUID key : keys) {
            if (under != null && !under.held().contains(key)) {
                Set<String> restricted = under.text().restricts() ? studiesOf(key) : Set.of();
                journal.held(hold, key);
                under.held().add(key);
                restrictions.add(restricted);
            }
        }
    }

    private List<UUID> keysOf(UUID hold, HoldText text) throws IOException {
        return switch (text.kind()) {
            case QUERY -> ofQuery(hold);
            case STUDY -> keyring.names().ofStudy(text.name());
            case PATIENT -> keyring.names().ofPatient(text.name());
            case TENANT -> ofTenant(text.name());
        };
    }

    /** Every key of the studies that it found. */
    private List<UUID> ofQuery(UUID hold) throws IOException {
        Set<String> studies;
        synchronized (this) {
            studies = open.containsKey(hold) ? Set.copyOf(studiesUnder(open.get(hold))) : Set.of();
        }
        return studies.isEmpty() ? List.of() : keyring.names().ofStudies(studies);
    }

    /** StudyInstanceUIDs of what is under a query's hold. */
    private synchronized Set<String> studiesUnder(Open hold) throws IOException {
        if (hold.known().size() < hold.held().size()) {
            for (UUID key : hold.held()) {
                if (hold.known().add(key)) {
                    keyring.names().study(key).map(KeyedStudy::uid).ifPresent(hold.studies()::add);
                }
            }
        }
        return hold.studies();
    }

    /** The tenant, whatever it was called before, and what was given to it: that is sealed as another's. */
    private List<UUID> ofTenant(String name) {
        List<UUID> held = new ArrayList<>();
        keyring.tenantNamed(name).ifPresent(tenant -> {
            held.addAll(keyring.owners().idsOf(tenant));
            held.addAll(keyring.owners().givenTo(tenant));
        });
        return held;
    }

    private boolean isOf(String tenant, String name) {
        return keyring.tenantNamed(tenant)
                .map(keyring.owners()::idsOf)
                .filter(ids -> keyring.tenantNamed(name).filter(ids::contains).isPresent())
                .isPresent();
    }

    /** Puts keys under the holds on a tenant; to be called before what they sealed is given to it. */
    public synchronized void cover(String tenant, List<UUID> keys, Journal journal) throws IOException {
        for (Map.Entry<UUID, Open> hold : open.entrySet()) {
            HoldText text = hold.getValue().text();
            if (text.kind() == HoldText.Kind.TENANT && isOf(tenant, text.name())) {
                put(hold.getKey(), keys, journal);
            }
        }
    }

    /**
     * Puts a study's key under the holds on it or its patient, also if it was held under an earlier key; to be called before anything
     * is sealed under it.
     *
     * @param patientId raw value as in the file
     * @param studyInstanceUid raw value as in the file
     */
    public void cover(UUID key, byte[] patientId, byte[] studyInstanceUid, Journal journal) throws IOException {
        if (onArrivals) {
            coverNow(key, patientId, studyInstanceUid, journal);
        }
    }

    private synchronized void coverNow(UUID key, byte[] patientId, byte[] studyInstanceUid, Journal journal)
            throws IOException {
        KeyedStudy study = new KeyedStudy(patientId, studyInstanceUid);
        for (Map.Entry<UUID, Open> hold : open.entrySet()) {
            HoldText text = hold.getValue().text();
            boolean covered = !hold.getValue().held().contains(key)
                    && switch (text.kind()) {
                        case STUDY -> StudyName.isStudy(patientId, studyInstanceUid, text.name());
                        case PATIENT -> StudyName.isPatient(patientId, text.name());
                        case TENANT -> false;
                        case QUERY -> studiesUnder(hold.getValue()).contains(study.uid());
                    };
            if (covered) {
                put(hold.getKey(), List.of(key), journal);
            }
        }
    }
}
