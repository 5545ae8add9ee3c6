package org.strongroom.plugin.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;
import org.strongroom.core.time.RunningTime;

/**
 * A label on each study in Orthanc that names its tenant, so that Orthanc itself can leave most of what is another's out of a search. It
 * decides nothing: what is found is asked about as if there were no labels, a study without one is found by everybody's search, and
 * labels are used only after all there are were compared with {@link StudyTenants}. For Orthanc 1.12.0 and newer. Thread-safe.
 */
public final class TenantLabels implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TenantLabels.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "strongroom-tenant-";
    private static final String STUDIES = "/studies/";
    private static final long NEVER = -1;
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** Each is a transaction of Orthanc's. */
    private static final int MOST_AT_ONCE = 100;
    /** Of studies that are compared. */
    private static final int PAGE = 10_000;
    /** Of new studies that wait until Orthanc has them; of studies without a label that are nobody's. */
    private static final int MOST_KEPT = 10_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final Duration REST = Duration.ofSeconds(10);

    private final OrthancApi orthanc;
    private final StudyTenants studies;
    private final Map<String, String> labels;
    private final RunningTime clock;
    /** By all that Orthanc may call a study, when it came; oldest first. Guarded by itself. */
    private final Map<Set<String>, Duration> coming = new LinkedHashMap<>();

    private final Set<String> nobodys = new HashSet<>();
    /** Which {@link StudyTenants#assignments} the labels in Orthanc were last compared with. */
    private volatile long compared = NEVER;

    private volatile boolean known = true;
    private Duration nextSweep;
    /** Not before then, if something failed. */
    private Duration again;

    private Pulse pulse;

    /** @param tenants all there are, quarantine among them */
    public TenantLabels(OrthancApi orthanc, StudyTenants studies, Collection<String> tenants, RunningTime clock) {
        this.orthanc = orthanc;
        this.studies = studies;
        this.labels = tenants.stream().collect(Collectors.toUnmodifiableMap(tenant -> tenant, PREFIX::concat));
        this.clock = clock;
        this.nextSweep = clock.now();
        this.again = clock.now();
        studies.listen(this::coming);
    }

    /** From now on, as Orthanc answers, labels what is there and what arrives, on a thread of its own. */
    public synchronized void begin() {
        pulse = new Pulse("strongroom-labels", PAUSE, this::run);
    }

    /** Whether Orthanc's database has labels at all, as far as is known. */
    public boolean areKnown() {
        return known;
    }

    /** Whether a label is one of these. */
    public static boolean isOne(String label) {
        return label.startsWith(PREFIX);
    }

    /**
     * Labels of studies of which nobody sees anything who sees only what is of tenants that are {@code seen}. None as long as it is not
     * certain that each stands on its own tenant's studies only.
     */
    public Set<String> ofOthers(Predicate<String> seen) {
        if (compared != studies.assignments()) {
            return Set.of();
        }
        return labels.entrySet().stream()
                .filter(tenant -> !seen.test(tenant.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Never blocks: arrivals wait for it. */
    private void coming(Set<String> names) {
        synchronized (coming) {
            if (coming.size() < MOST_KEPT) { // else they are found by the next sweep
                coming.put(names, clock.now());
            }
        }
    }

    /** One round of that thread's. */
    public void run() {
        if (clock.now().compareTo(again) < 0) {
            return;
        }
        try {
            if (known && compared != studies.assignments()) {
                compare();
            }
            if (known) {
                labelComing();
            }
            if (known && clock.now().compareTo(nextSweep) >= 0 && sweep()) {
                nobodys.clear();
                nextSweep = clock.now().plus(SWEEP);
            }
        } catch (StrongroomException | IOException e) {
            again = clock.now().plus(REST);
            LOG.log(Level.DEBUG, "Studies are not labelled with their tenants yet; it is tried again", e);
        }
    }

    /** Where a label is on another's study, the right one takes its place; from then on all can be used. */
    private void compare() throws IOException {
        if (!JSON.readTree(orthanc.get("/system")).path("HasLabels").asBoolean(false)) {
            known = false; // to a database plugin
            return;
        }
        long now = studies.assignments();
        for (Map.Entry<String, String> tenant : labels.entrySet()) {
            List<String> wrong = new ArrayList<>();
            Consumer<String> look = study -> {
                if (!studies.ofStudy(study).contains(tenant.getKey())) {
                    wrong.add(study);
                }
            };
            long since = 0;
            // Piece by piece: Orthanc may be about to stop.
            for (int found = PAGE; found == PAGE; since += found) {
                found = eachStudy("Any", List.of(tenant.getValue()), since, PAGE, look);
            }
            for (String study : wrong) {
                ifThere(() -> orthanc.delete(label(study, tenant.getValue())));
                label(study);
            }
        }
        compared = now;
    }

    private void labelComing() {
        List<Set<String>> waiting;
        synchronized (coming) {
            waiting = coming.keySet().stream().limit(MOST_AT_ONCE).toList();
        }
        for (Set<String> names : waiting) {
            Duration since;
            synchronized (coming) {
                since = coming.remove(names);
            }
            boolean labelled = false;
            try {
                labelled = names.stream().anyMatch(this::label);
            } finally {
                if (!labelled && clock.now().minus(since).compareTo(PATIENCE) < 0) {
                    synchronized (coming) {
                        coming.put(names, since); // Orthanc does not have it yet: after the others
                    }
                }
            }
        }
    }

    /** Labels some of those studies that have no label; returns whether there are no more. */
    private boolean sweep() throws IOException {
        List<String> bare = new ArrayList<>();
        eachStudy("None", labels.values(), 0, nobodys.size() + MOST_AT_ONCE, bare::add);
        boolean all = true;
        for (String study : bare) {
            if (!nobodys.contains(study) && (label(study) || (nobodys.size() < MOST_KEPT && nobodys.add(study)))) {
                all = false;
            }
        }
        return all;
    }

    /** Returns whether it has its label now. */
    private boolean label(String study) {
        List<String> owners = studies.ofStudy(study);
        String label = owners.isEmpty() ? null : labels.get(owners.get(0));
        return label != null
                && ifThere(() -> orthanc.get(STUDIES + study))
                && ifThere(() -> orthanc.put(label(study, label), new byte[0]));
    }

    private static String label(String study, String label) {
        return STUDIES + study + "/labels/" + label;
    }

    private boolean ifThere(Runnable call) {
        try {
            call.run();
            return true;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Returns how many they are, at most {@code most}. */
    private int eachStudy(String constraint, Collection<String> having, long since, int most, Consumer<String> each)
            throws IOException {
        ObjectNode search = JSON.createObjectNode().put("Level", "Study").put("LabelsConstraint", constraint);
        search.putObject("Query");
        ArrayNode wanted = search.putArray("Labels");
        having.forEach(wanted::add);
        search.put("Since", since).put("Limit", most);
        byte[] found = orthanc.post("/tools/find", search.toString().getBytes(StandardCharsets.UTF_8));
        int count = 0;
        for (JsonNode id : JSON.readTree(found)) {
            each.accept(id.asText());
            count++;
        }
        return count;
    }

    @Override
    public synchronized void close() {
        if (pulse != null) {
            pulse.close();
        }
    }
}
