package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.control.Status.WitnessStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.settings.Durations;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.uplink.Priority;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Has one witness sign what the audit log has signed (format.md §9.6), and keeps the newest that it signed. A witness that saw another log is
 * an alarm until it agrees again; nothing waits for one. One thread steps; {@link #status} may be asked from any.
 */
public final class Cosigning {
    private static final Logger LOG = LoggerFactory.getLogger(Cosigning.class);
    static final String LONGER = "a witness signed more of the audit log than is here";
    static final String FORGOT = "a witness does not know any more what it signed of the audit log";
    static final String ANOTHER = "a witness signed another audit log than the one that is here";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    /** A clock that is further ahead of ours is wrong, or ours is: the last cosignature would seem new for long. */
    private static final Duration AHEAD = Duration.ofMinutes(15);
    /** So often before it is a problem a log that rests is signed again. */
    private static final int AGAIN = 4;

    private final String name;
    private final Path audit;
    private final Tiles tiles;
    private final WitnessSettings settings;
    private final NoteKey witness;
    private final AuditRules rules;
    private final WitnessClient client;
    private final Consumer<AuditEvent> alarm;
    private final Problems problems;
    private final Uplink uplink;
    private final InstantSource clock;
    private final RunningTime time;
    private final Memory memory;
    /** What it signed last, if only that is left of it; with size 0 since when it should have signed something. */
    private Remembered remembered;

    private Duration next;
    private Duration pause = Duration.ZERO;
    private boolean alarmed;
    private volatile Optional<Cosigned> last;
    private volatile String lastError;
    private volatile boolean disagrees;

    /** Where it is kept elsewhere than in the log's folder what a witness signed last: who deletes it there is seen. For one thread. */
    public interface Memory {
        /** What was kept last. */
        Optional<String> kept();

        void keep(String text);

        /** One that ends with this process. */
        static Memory ofThisProcess() {
            AtomicReference<String> kept = new AtomicReference<>();
            return new Memory() {
                @Override
                public Optional<String> kept() {
                    return Optional.ofNullable(kept.get());
                }

                @Override
                public void keep(String text) {
                    kept.set(text);
                }
            };
        }
    }

    /**
     * @param name of the witness, in the settings
     * @param audit {@code HOME/audit}
     * @param alarm records an event
     * @param memory of this witness alone
     */
    public Cosigning(
            String name,
            Path audit,
            WitnessSettings settings,
            AuditRules rules,
            Consumer<AuditEvent> alarm,
            Problems problems,
            Uplink uplink,
            Memory memory,
            InstantSource clock,
            RunningTime time) {
        this.memory = memory;
        this.name = name;
        this.audit = audit;
        this.tiles = Tiles.in(audit);
        this.settings = settings;
        this.witness = NoteKey.parseWitness(settings.key().text());
        this.rules = rules;
        this.client = new WitnessClient(settings.address(), uplink);
        this.alarm = alarm;
        this.problems = problems;
        this.uplink = uplink;
        this.clock = clock;
        this.time = time;
        this.next = time.now();
        this.last = kept();
        Optional<Remembered> before = memory.kept().flatMap(Remembered::parse);
        this.remembered = before.orElseGet(() -> new Remembered("-", 0, Merkle.empty(), clock.instant()));
        if (before.isEmpty()) {
            memory.keep(remembered.text());
        }
    }

    private Optional<Cosigned> kept() {
        try {
            return Cosigned.read(audit, witness);
        } catch (IOException | StrongroomException e) {
            LOG.warn("what the witness {} signed cannot be read here; it is asked anew", name, e);
            return Optional.empty();
        }
    }

    /** Of the witness, in the settings. */
    public String name() {
        return name;
    }

    public WitnessStatus status() {
        Optional<Cosigned> told = last;
        return new WitnessStatus(
                told.map(Cosigned::time).orElse(null),
                told.map(one -> one.checkpoint().size()).orElse(null),
                lastError,
                disagrees);
    }

    /** How many events the witness signed, as is known here. */
    public long events() {
        return last.map(one -> one.checkpoint().size()).orElse(0L);
    }

    /** Asks the witness if there is something to sign, and it is time. */
    public void step() throws IOException, InterruptedException {
        try {
            Optional<byte[]> note = tiles.read(AuditLog.CHECKPOINT);
            if (note.isPresent() && time.now().compareTo(next) >= 0 && uplink.isOpen()) {
                Priority.STAT.during(() -> turn(note.get())); // as the anchors in tiers
            }
        } finally {
            judge();
        }
    }

    private void turn(byte[] note) throws IOException, InterruptedException {
        try {
            NoteKey key = LogReader.key(audit);
            Checkpoint now = LogReader.open(note, key);
            if (now.size() == 0 || !isDue(now)) {
                return;
            }
            // Both: an older cosignature may have been put back with an older log.
            long signed = 0;
            for (Checkpoint one : Stream.concat(last.map(Cosigned::checkpoint).stream(), remembered(key).stream())
                    .toList()) {
                requireGoesOn(one, now);
                signed = Math.max(signed, one.size());
            }
            ask(note, key, now, signed);
            next = time.now().plus(rules.anchorInterval());
            pause = Duration.ZERO;
            lastError = null;
            disagrees = false;
            alarmed = false;
            problems.clear(problem());
        } catch (StrongroomException e) {
            later(e.text());
            problems.raise(problem(), e);
        } catch (IOException e) {
            later(String.valueOf(e.getMessage()));
        }
    }

    /** A log that rests is signed again before the last time is long ago: so what stands there was the newest then. */
    private boolean isDue(Checkpoint now) {
        return last.filter(before -> before.checkpoint().equals(now))
                .map(before -> Duration.between(before.time(), clock.instant()))
                .filter(age -> age.compareTo(settings.alarm().dividedBy(AGAIN)) < 0)
                .isEmpty();
    }

    /** What it signed of this log, where that was deleted. */
    private Optional<Checkpoint> remembered(NoteKey key) {
        return remembered.size() > 0 && remembered.log().equals(AnchorName.log(key))
                ? Optional.of(new Checkpoint(key.name(), remembered.size(), remembered.root()))
                : Optional.empty();
    }

    private void ask(byte[] note, NoteKey key, Checkpoint now, long old) throws IOException, InterruptedException {
        WitnessClient.Answer answer = send(old, note, now);
        if (answer.status() == 409) {
            long theirs = size(answer.body());
            if (theirs > now.size()) {
                disagree(LONGER, theirs, now.size());
            }
            if (theirs < old) {
                wentBack(theirs, old);
            }
            answer = theirs == old ? answer : send(theirs, note, now);
        }
        switch (answer.status()) {
            case 200 -> keep(note, key, now, answer.body());
            case 403 ->
                throw refused(
                        "a witness does not take this log's signature",
                        "Give it key.pub of Home/audit, if the"
                                + " log was begun anew, and have it set aside what it signed of the former one");
            case 404 ->
                throw refused(
                        "a witness does not know this log",
                        "Give key.pub of Home/audit to those who run it; or Address leads to something else");
            case 422 -> disagree(ANOTHER, old, now.size());
            case 409 -> {
                if (size(answer.body()) == now.size()) { // of as many events, and not of these
                    disagree(ANOTHER, now.size(), now.size());
                }
                throw new IOException("status 409");
            }
            default -> throw new IOException("status " + answer.status());
        }
    }

    private WitnessClient.Answer send(long old, byte[] note, Checkpoint now) throws IOException, InterruptedException {
        requireSound(old, now);
        return client.add(new WitnessRequest(old, ConsistencyProof.of(tiles, old, now.size()), note));
    }

    /** Else a damaged tile would look like a forged log. */
    private void requireSound(long old, Checkpoint now) throws IOException {
        if (!ConsistencyProof.isSound(tiles, old, now)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the audit log is not what its checkpoint says")
                    .with("witness", name)
                    .cure("Run \"strongroom audit verify\": it names the first entry that is wrong");
        }
    }

    private static long size(String text) throws IOException {
        if (!text.matches("(0|[1-9][0-9]{0,17})\n")) {
            throw new IOException("status 409 without a size");
        }
        return Long.parseLong(text.strip());
    }

    private void keep(byte[] note, NoteKey key, Checkpoint now, String body) throws IOException {
        byte[] both = (new String(note, StandardCharsets.UTF_8) + body).getBytes(StandardCharsets.UTF_8);
        byte[] kept;
        Instant signed;
        try {
            byte[] line = SignedNote.signatures(both, witness).stream()
                    .findFirst()
                    .orElseThrow(() -> new IOException("an answer that is not signed by the witness's key"));
            kept = (new String(note, StandardCharsets.UTF_8) + SignedNote.line(witness, line))
                    .getBytes(StandardCharsets.UTF_8);
            signed = Cosigned.open(kept, witness).time(); // of these bytes: an answer may be more than signatures
        } catch (StrongroomException e) {
            throw new IOException("an answer that is not signed as it says", e);
        }
        if (signed.isAfter(clock.instant().plus(AHEAD))) {
            throw new IOException("the witness's clock is ahead of ours, at " + signed);
        }
        Path file = Cosigned.file(audit, witness);
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, kept);
        last = Optional.of(new Cosigned(now, signed));
        remembered = new Remembered(AnchorName.log(key), now.size(), now.root(), signed);
        memory.keep(remembered.text());
    }

    /** What was signed last must be in what is there now: nobody has to be asked for that. */
    private void requireGoesOn(Checkpoint before, Checkpoint now) throws IOException {
        if (before.size() > now.size()) {
            disagree(LONGER, before.size(), now.size());
        }
        Sha256 root = new Subtrees(tiles, now.size()).root(before.size());
        if (!before.origin().equals(now.origin())) {
            disagree(ANOTHER, before.size(), now.size());
        }
        if (!before.root().equals(root)) {
            requireSound(before.size(), now);
            disagree(ANOTHER, before.size(), now.size());
        }
    }

    private void disagree(String text, long theirs, long here) {
        disagrees = true;
        if (!alarmed) {
            alarm.accept(AuditEvent.of(AuditType.ALERT)
                    .by(AuditEvent.STRONGROOM)
                    .with("witness", name)
                    .with("witnessed", theirs)
                    .with("here", here)
                    .failed(text));
            alarmed = true;
        }
        throw StrongroomException.of(FailureKind.CORRUPT, text)
                .with("witness", name)
                .with("witnessed", theirs)
                .with("here", here)
                .cure("Somebody changed Home/audit, or brought an older copy back. Keep it as evidence, and what the"
                        + " witness signed: strongroom audit verify --ask");
    }

    /** It goes on from there: but until somebody has looked it is no witness of what it forgot. */
    private void wentBack(long theirs, long signed) {
        if (!problems.byName().containsKey(backProblem())) {
            alarm.accept(AuditEvent.of(AuditType.ALERT)
                    .by(AuditEvent.STRONGROOM)
                    .with("witness", name)
                    .with("witnessed", theirs)
                    .with("signed", signed)
                    .failed(FORGOT));
        }
        problems.raise(
                backProblem(),
                FailureKind.CORRUPT,
                FORGOT + ": " + name + " signed " + signed + " events, and knows of " + theirs,
                "Its folder was put back from a backup, or is another one: whoever runs it must tell why. It signs what"
                        + " grew since; this is told until the sidecar starts anew");
    }

    private StrongroomException refused(String text, String cure) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("witness", name)
                .cure(cure);
    }

    private void later(String why) {
        pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        next = time.now().plus(pause);
        lastError = why;
        LOG.info("Audit.Witnesses.{} signs nothing: {}; again in {}", name, why, Durations.format(pause));
    }

    private void judge() {
        Instant since = last.map(Cosigned::time).orElse(remembered.through());
        if (Duration.between(since, clock.instant()).compareTo(settings.alarm()) < 0) {
            problems.clear(lateProblem());
            return;
        }
        problems.raise(
                lateProblem(),
                FailureKind.UNAVAILABLE,
                "the witness " + name + " has signed nothing of the audit log for more than "
                        + Durations.format(settings.alarm()) + "; the log, and images, go on",
                "Look at the witness and the line to it; strongroom status says what it answers");
    }

    private String problem() {
        return "witness/" + name;
    }

    private String backProblem() {
        return "witness-back/" + name;
    }

    private String lateProblem() {
        return "witness-late/" + name;
    }
}
