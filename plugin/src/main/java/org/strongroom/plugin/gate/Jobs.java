package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.Started.Coming;

/** Starts jobs of Orthanc for users, waits for them, and says what became of them as Orthanc would. Thread-safe. */
final class Jobs {
    private static final Logger LOG = System.getLogger(Jobs.class.getName());

    /** Below what Orthanc waits for ({@code BridgeLimits.restDeadline}). */
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** As many threads as may be held; whoever comes then has to come again. */
    static final int MOST_WAITING = 8;

    private static final int MOST_OF_ONE = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final Set<String> OVER = Set.of("Success", "Failure");
    /** What Orthanc says of a request and not of what is stored. */
    private static final Pattern OF_THE_REQUEST = Pattern.compile("Marking tag .*|When (modifying|anonymizing) a.*");

    private final Shown shown;
    private final BiFunction<String, byte[], HttpAnswer> post;
    private final Started started;
    private final RunningTime time;
    private final Sleeper sleeper;
    /** How many wait, by user. */
    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    /** @param post to Orthanc itself, with what it says if it refuses */
    Jobs(Shown shown, BiFunction<String, byte[], HttpAnswer> post, Started started, RunningTime time, Sleeper sleeper) {
        this.shown = shown;
        this.post = post;
        this.started = started;
        this.time = time;
        this.sleeper = sleeper;
    }

    /** Whether whoever sends this waits until it is done. */
    static boolean waits(ObjectNode body) {
        return OrderBody.flag(body, "Asynchronous")
                .map(asynchronous -> !asynchronous)
                .or(() -> OrderBody.flag(body, "Synchronous"))
                .orElse(true);
    }

    /**
     * Has Orthanc start it.
     *
     * @param user who shall be known to have started it
     * @param makes the studies that are expected of it
     * @param waits whether the answer is what became of it
     */
    RestAnswer start(String uri, ObjectNode body, String user, Coming makes, boolean waits) {
        RestAnswer answer = submit(uri, body, user, makes);
        return waits && answer.status() == 200 ? end(id(answer.body())) : answer;
    }

    /** What a job says of what it does, without where a peer is and who logs in there. */
    static JsonNode content(JsonNode job) {
        return job.path("Content") instanceof ObjectNode content ? content.without("Peer") : job.path("Content");
    }

    /** Does what may take minutes; not more than a few of one user at a time. */
    <T> T holding(String user, Supplier<T> work) {
        if (waiting.merge(user, 1, Integer::sum) > MOST_OF_ONE) {
            release(user);
            throw tooMany();
        }
        try {
            return work.get();
        } finally {
            release(user);
        }
    }

    private void release(String user) {
        waiting.computeIfPresent(user, (name, count) -> count == 1 ? null : count - 1);
    }

    static StrongroomException tooMany() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "too many wait for Orthanc's jobs")
                .cure("Try again in a minute");
    }

    /** Whether a job is going to make this, or may be. */
    boolean expect(Coming makes) {
        return started.coming().contains(makes);
    }

    private RestAnswer submit(String uri, ObjectNode body, String user, Coming makes) {
        ObjectNode sent = body.deepCopy();
        sent.remove(List.of("Synchronous", "Priority")); // nobody's goes before another's
        sent.put("Asynchronous", true);
        String expected = started.expect(user, makes, this::isOver);
        // If it throws, Orthanc may have started it: then it is expected for a day.
        HttpAnswer answer = post.apply(uri, sent.toString().getBytes(StandardCharsets.UTF_8));
        if (answer.status() != 200) {
            started.forget(expected);
            return refused(answer);
        }
        String job = id(answer.body());
        try {
            started.started(expected, job);
        } catch (RuntimeException e) {
            if (post.apply("/jobs/" + job + "/cancel", new byte[0]).status() != 200) {
                LOG.log(Level.WARNING, "A job of Orthanc goes on, and nobody will be told that it is theirs");
            }
            throw e;
        }
        return RestAnswer.of(200, "application/json", answer.body());
    }

    private static String id(byte[] answer) {
        return Json.read(answer).path("ID").asText();
    }

    private boolean isOver(String job) {
        try {
            return OVER.contains(state(job).path("State").asText());
        } catch (StrongroomException e) {
            return e.kind() == FailureKind.NOT_FOUND; // only the last ones are kept
        }
    }

    /** @throws StrongroomException NOT_FOUND if Orthanc does not keep it any more */
    private JsonNode state(String job) {
        try {
            return shown.get("/jobs/" + job);
        } catch (StrongroomException e) {
            throw e.kind() == FailureKind.NOT_FOUND
                    ? StrongroomException.of(
                                    FailureKind.NOT_FOUND, "the job is over, and what became of it is not known")
                            .cure("Look for what it should have made; JobsHistorySize says how many jobs Orthanc keeps")
                            .causedBy(e)
                    : e;
        }
    }

    private RestAnswer end(String job) {
        Duration until = time.now().plus(LONGEST);
        Duration pause = FIRST_PAUSE;
        JsonNode now = state(job);
        while (!OVER.contains(now.path("State").asText())) {
            if (time.now().compareTo(until) > 0) {
                return failed(504, "it takes long, and goes on as a job", "Look at /jobs/" + job);
            }
            sleep(pause);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
            now = state(job);
        }
        started.over(job);
        return now.path("State").asText().equals("Success")
                ? RestAnswer.json(200, content(now) + "\n")
                : failed(500, now.path("ErrorDescription").asText("it failed"), "Look at /jobs/" + job);
    }

    private void sleep(Duration pause) {
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is about to stop, and the job goes on")
                    .causedBy(e);
        }
    }

    /** Orthanc's status; of its words only those that tell nothing of what is stored. */
    static RestAnswer refused(HttpAnswer answer) {
        JsonNode said = JsonNodeFactory.instance.missingNode();
        try {
            said = Json.read(answer.body());
        } catch (StrongroomException e) {
            // Not all versions send JSON; then the status has to do.
        }
        String details = said.path("Details").asText("");
        return failed(
                answer.status() < 400 ? 500 : answer.status(),
                said.path("Message").asText("Orthanc refused it"),
                OF_THE_REQUEST.matcher(details).matches() ? details : "");
    }

    private static RestAnswer failed(int status, String message, String cure) {
        return RestAnswer.json(
                status,
                JsonNodeFactory.instance
                                .objectNode()
                                .put("kind", "REFUSED")
                                .put("message", message)
                                .put("cure", cure)
                        + "\n");
    }
}
