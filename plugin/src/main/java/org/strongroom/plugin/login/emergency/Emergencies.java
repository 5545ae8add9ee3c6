package org.strongroom.plugin.login.emergency;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Reach;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;

/**
 * Patients whom users have opened for themselves in an emergency, each for a while, until somebody else has looked at it. Nothing is
 * opened that is not durable, in the audit log, and told. Thread-safe.
 */
public final class Emergencies {
    /** What a role needs to permit; it holds in the user's own tenants. */
    public static final String PERMISSION = "study:emergency";

    /** Who has it looks at what was opened. */
    public static final String REVIEWS = "audit:read";

    private static final String FILE = "emergencies";

    private static final Logger LOG = System.getLogger(Emergencies.class.getName());
    private static final int LONGEST_REASON = 500;
    private static final int SHORTEST_REASON = 10;
    private static final int LONGEST_PATIENT = 64;
    /** Of one user in one day: whoever wants more looks for somebody's patients, not for one. */
    private static final int MOST_IN_A_DAY = 20;
    /** What was reviewed is forgotten after this: the audit log has it. */
    private static final Duration KEPT = Duration.ofDays(400);

    private final StateFile<Content> file;
    private final Terms terms;
    private final Consumer<AuditEvent> audit;
    private final InstantSource clock;
    private volatile List<Emergency> all = List.of();
    /** Ids of those whose end is in the audit log and could not be written here yet. */
    private final Set<String> endRecorded = new HashSet<>();

    private boolean told;

    /**
     * On which terms patients are opened.
     *
     * @param period how long one is open
     * @param unreviewed where the ids of those stand that wait for a review, for the sidecar
     * @param patients what a patient may be known by in {@link org.strongroom.plugin.access.Ownership}, by the PatientID
     */
    public record Terms(Duration period, Path unreviewed, Function<String, Set<UUID>> patients) {}

    /** What the file holds. */
    record Content(List<Emergency> emergencies) {
        Content {
            emergencies = emergencies == null ? List.of() : List.copyOf(emergencies);
        }
    }

    private Emergencies(StateFile<Content> file, Terms terms, Consumer<AuditEvent> audit, InstantSource clock) {
        this.file = file;
        this.terms = terms;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Those of the last life.
     *
     * @param audit returns when an event is durable
     * @throws StrongroomException CORRUPT if they cannot be read: what nobody has reviewed must not be forgotten
     */
    public static Emergencies open(
            Path folder, Keyring keyring, Terms terms, Consumer<AuditEvent> audit, InstantSource clock)
            throws IOException {
        StateFile<Content> file = file(folder, keyring);
        Emergencies known = new Emergencies(file, terms, audit, clock);
        known.all = read(file);
        known.tell(known.all);
        return known;
    }

    private static StateFile<Content> file(Path folder, Keyring keyring) {
        return new StateFile<>(folder.resolve(FILE + ".strs"), FILE, keyring, Content.class);
    }

    private static List<Emergency> read(StateFile<Content> file) throws IOException {
        return file.read(
                        "what was opened in emergencies is not known any more",
                        "Restore the file from a backup of Home")
                .map(Content::emergencies)
                .orElse(List.of());
    }

    /** Those in the file now; another process may be writing it. */
    static List<Emergency> written(Path folder, Keyring keyring) throws IOException {
        return read(file(folder, keyring));
    }

    public Duration period() {
        return terms.period();
    }

    /** All that are remembered, the oldest first. */
    public List<Emergency> all() {
        return all;
    }

    /** The same user with what is open for them now. */
    public Principal opening(Principal user) {
        List<Emergency> known = all; // nearly always there is none
        if (known.isEmpty()) {
            return user;
        }
        Instant now = clock.instant();
        Set<Principal.Opened> opened = known.stream()
                .filter(one -> one.user().equals(user.name()) && one.isOpen(now))
                .flatMap(one -> one.tenants().stream().flatMap(tenant -> one.patients().stream()
                        .map(patient -> new Principal.Opened(one.id(), tenant, patient))))
                .filter(one -> mayIn(user, one.tenant())) // the settings may be other ones since
                .collect(Collectors.toUnmodifiableSet());
        return opened.isEmpty() ? user : user.opening(opened);
    }

    /** The tenants in which a user may open patients. */
    public static List<String> tenants(Principal user) {
        return user.tenants().stream().filter(tenant -> mayIn(user, tenant)).toList();
    }

    private static boolean mayIn(Principal user, String tenant) {
        return user.namedReach(PERMISSION, tenant) != Reach.NOTHING;
    }

    /**
     * Opens a patient for a user, whether there is one with this PatientID or not: the answer tells nobody.
     *
     * @throws StrongroomException REFUSED if the user may not, or says too little; UNAVAILABLE if it cannot be recorded
     */
    public synchronized Emergency begin(Principal user, String patientId, String reason, String source) {
        List<String> tenants = tenants(user);
        if (tenants.isEmpty()) {
            throw refused("no role of yours permits it").cure("Ask whoever runs this server");
        }
        String patient = patientId.strip();
        String why = reason.strip();
        if (patient.isEmpty() || patient.length() > LONGEST_PATIENT) {
            throw refused("a PatientID has 1 to " + LONGEST_PATIENT + " characters")
                    .cure("Type it as it is on the order");
        }
        if (why.length() < SHORTEST_REASON || why.length() > LONGEST_REASON) {
            throw refused("a reason has " + SHORTEST_REASON + " to " + LONGEST_REASON + " characters")
                    .cure("Somebody will read it: say what happened");
        }
        Instant now = clock.instant();
        long today = all.stream()
                .filter(one -> one.user().equals(user.name()) && one.begun().isAfter(now.minus(Duration.ofDays(1))))
                .count();
        if (today >= MOST_IN_A_DAY) {
            throw refused("you have opened " + today + " patients in a day").cure("Ask whoever runs this server");
        }
        Emergency begun = new Emergency(
                UUID.randomUUID().toString(),
                user.name(),
                tenants,
                patient,
                List.copyOf(terms.patients().apply(patient)),
                why,
                now,
                now.plus(terms.period()),
                false,
                null);
        AuditEvent event = event(AuditType.BREAK_GLASS_START, begun).fromAddress(source);
        audit.accept(event.with("until", begun.until()));
        audit.accept(event(AuditType.ALERT, begun)
                .fromAddress(source)
                .failed("somebody has opened a patient in an emergency"));
        List<Emergency> more = new ArrayList<>(kept(now));
        more.add(begun);
        write(more);
        return begun;
    }

    private List<Emergency> kept(Instant now) {
        return all.stream()
                .filter(one -> one.review() == null || one.until().isAfter(now.minus(KEPT)))
                .toList();
    }

    /** Ends one of a user's own; nothing, if there is no such one. */
    public synchronized void end(String user, String id) {
        end(one -> one.id().equals(id) && one.user().equals(user));
    }

    /** Records the end of those whose time is over; to be called regularly. */
    public synchronized void expire() {
        Instant now = clock.instant();
        end(one -> !one.isOpen(now));
        if (!told) {
            tell(all);
        }
    }

    private void end(Predicate<Emergency> meant) {
        Instant now = clock.instant();
        boolean any = false;
        List<Emergency> changed = new ArrayList<>();
        for (Emergency one : all) {
            boolean ends = !one.ended() && meant.test(one);
            if (ends && !endRecorded.contains(one.id())) {
                audit.accept(event(AuditType.BREAK_GLASS_END, one)); // rather twice than never
                endRecorded.add(one.id());
            }
            changed.add(ends ? one.over(now) : one);
            any |= ends;
        }
        if (any) {
            write(changed);
            endRecorded.clear();
        }
    }

    /**
     * Somebody has looked at one.
     *
     * @throws StrongroomException REFUSED if it is not theirs to look at, there is no such one, or it is reviewed
     */
    public synchronized void review(Principal by, String id, String note) {
        Emergency known = find(id).filter(one -> one.review() == null)
                .orElseThrow(() -> refused("there is no such emergency, or it was reviewed"));
        if (!mayReview(by, known)) {
            throw refused("this is your own, or of a tenant that you do not work for")
                    .cure("Somebody else has to look at it, who works for all its tenants");
        }
        if (note.isBlank() || note.length() > LONGEST_REASON) {
            throw refused("what was found has 1 to " + LONGEST_REASON + " characters")
                    .cure("Write it down");
        }
        audit.accept(event(AuditType.BREAK_GLASS_REVIEW, known).by(by.name()).with("user", known.user()));
        Emergency.Review review = new Emergency.Review(by.name(), clock.instant(), note.strip());
        write(all.stream()
                .map(one -> one.id().equals(id) ? one.reviewed(review) : one)
                .toList());
    }

    /** Whether somebody who reads the audit log may look at one: it is not their own, and they work for all of its tenants. */
    public static boolean mayReview(Principal by, Emergency one) {
        return !one.user().equals(by.name())
                && one.tenants().stream() // it has one at least
                        .allMatch(tenant -> by.reach(REVIEWS, tenant) != Reach.NOTHING);
    }

    private Optional<Emergency> find(String id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    private void write(List<Emergency> changed) {
        file.write(new Content(changed));
        all = List.copyOf(changed);
        tell(changed);
    }

    /** The sidecar alerts: it has no keys, so it is told only which. */
    private void tell(List<Emergency> known) {
        String ids = known.stream()
                .filter(one -> one.review() == null)
                .map(one -> one.id() + "\n")
                .collect(Collectors.joining());
        try {
            DurableFiles.replace(terms.unreviewed(), ids.getBytes(StandardCharsets.US_ASCII));
            told = true;
        } catch (IOException e) {
            told = false;
            LOG.log(Level.WARNING, "The sidecar cannot be told of what waits for a review; the audit log has it", e);
        }
    }

    private static AuditEvent event(AuditType type, Emergency one) {
        AuditEvent event = AuditEvent.of(type).by(one.user()).with("emergency", one.id());
        return one.tenants().size() == 1 ? event.ofTenant(one.tenants().get(0)) : event;
    }

    private static StrongroomException refused(String why) {
        return StrongroomException.of(FailureKind.REFUSED, why);
    }
}
