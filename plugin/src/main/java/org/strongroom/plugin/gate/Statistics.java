package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;

/**
 * Orthanc's statistics of what is the caller's alone: those of each study, added up. What is attached to a patient is in no study, so it
 * is not among the bytes. Thread-safe.
 */
final class Statistics implements Answerer {
    private static final String ROUTE = "/statistics";
    /** Each is asked for; that takes some seconds. */
    private static final int MOST = 10_000;

    private static final int MEGABYTE = 1 << 20;

    private final Callers callers;
    private final Access access;
    private final Searches searches;
    private final Shown shown;
    private final int most;

    Statistics(Callers callers, Access access, Searches searches, Shown shown) {
        this(callers, access, searches, shown, MOST);
    }

    /** @param most studies that are added up */
    Statistics(Callers callers, Access access, Searches searches, Shown shown, int most) {
        this.callers = callers;
        this.access = access;
        this.searches = searches;
        this.shown = shown;
        this.most = most;
    }

    @Override
    public List<String> routes() {
        return List.of(ROUTE);
    }

    @Override
    public boolean isFor(String path) {
        return path.equals(ROUTE);
    }

    @Override
    public boolean answers(HttpMethod method, String uri, List<Map.Entry<String, String>> arguments) {
        return method == HttpMethod.GET && isFor(uri) && arguments.isEmpty();
    }

    /** @throws StrongroomException REFUSED if it is not the caller's to ask, or so much is theirs that it is not added up */
    @Override
    public RestAnswer handle(RestRequest request) {
        Inquiry inquiry = Inquiry.of(callers, access, request);
        if (inquiry.allows(HttpMethod.GET)) {
            return Json.answer(shown.get(ROUTE));
        }
        inquiry.require(answers(request.method(), request.path(), request.arguments()), Set.of(Treatment.FILTERED));
        return Json.answer(ofTheirs(inquiry.principal()));
    }

    private JsonNode ofTheirs(Principal principal) {
        Search search = new Search("/studies/", JsonNodeFactory.instance.objectNode(), false, new Page(0, most + 1L));
        List<String> studies = searches.found(principal, search);
        if (studies.size() > most) {
            throw Lists.refused("more studies than are added up at once");
        }
        Sums sums = new Sums();
        studies.forEach(sums::add);
        return sums.json();
    }

    /** For one answer, one thread. */
    private final class Sums {
        private final Set<String> patients = new HashSet<>();
        private long studies;
        private long series;
        private long instances;
        private long onDisk;
        private long plain;

        /** Nothing of it if it is gone meanwhile. */
        void add(String study) {
            try {
                String patient = shown.get(study).path("ParentPatient").asText();
                JsonNode one = shown.get(study + ROUTE);
                patients.add(patient);
                studies++;
                series += one.path("CountSeries").asLong();
                instances += one.path("CountInstances").asLong();
                onDisk += one.path("DiskSize").asLong();
                plain += one.path("UncompressedSize").asLong();
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
            }
        }

        JsonNode json() {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("CountInstances", instances)
                    .put("CountPatients", patients.size())
                    .put("CountSeries", series)
                    .put("CountStudies", studies)
                    .put("TotalDiskSize", Long.toString(onDisk))
                    .put("TotalDiskSizeMB", onDisk / MEGABYTE)
                    .put("TotalUncompressedSize", Long.toString(plain))
                    .put("TotalUncompressedSizeMB", plain / MEGABYTE);
        }
    }
}
