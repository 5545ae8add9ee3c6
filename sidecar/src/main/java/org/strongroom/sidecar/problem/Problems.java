package org.strongroom.sidecar.problem;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The problems that stand now, by a name that their finder chooses. Logs a problem when it is new. Thread-safe. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    /** Of those that have one name but for its last part, as the packs of a tier have. */
    private static final int MOST = 200;

    private final NavigableMap<String, Problem> standing = new TreeMap<>();

    /** {@code name} is a problem from now on. */
    public void raise(String name, FailureKind kind, String message, String cure) {
        Problem problem = new Problem(kind, message, cure);
        synchronized (standing) {
            if (!standing.containsKey(name) && likeIt(name) >= MOST) {
                return; // the first two hundred say enough, and memory is bounded; another kind is still told
            }
            if (problem.equals(standing.put(name, problem))) {
                return;
            }
        }
        LOG.warn("{}: {}. {}", kind, message, cure);
    }

    private long likeIt(String name) {
        int last = name.lastIndexOf('/');
        String first = name.substring(0, last + 1);
        return standing.tailMap(first).keySet().stream()
                .takeWhile(each -> each.startsWith(first))
                .filter(each -> each.lastIndexOf('/') == last)
                .count();
    }

    /** {@code failure} is a problem from now on. */
    public void raise(String name, StrongroomException failure) {
        String context = failure.context().isEmpty() ? "" : " " + failure.context();
        raise(name, failure.kind(), failure.text() + context, failure.cure());
    }

    /** {@code name} is no problem any more. */
    public void clear(String name) {
        Problem over;
        synchronized (standing) {
            over = standing.remove(name);
        }
        if (over != null) {
            LOG.info("over: {}", over.message());
        }
    }

    public List<Problem> standing() {
        synchronized (standing) {
            return List.copyOf(standing.values());
        }
    }

    /** The same by their names. */
    public Map<String, Problem> byName() {
        synchronized (standing) {
            return new TreeMap<>(standing);
        }
    }
}
