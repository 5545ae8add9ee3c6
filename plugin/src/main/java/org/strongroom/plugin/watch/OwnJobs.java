package org.strongroom.plugin.watch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** What Strongroom has Orthanc send by jobs and records itself, step by step. Thread-safe. */
public final class OwnJobs {
    /** More than are ever sent at once; whoever comes first has long ended. */
    private static final int MOST = 1000;

    private final Deque<Set<String>> sending = new ArrayDeque<>();

    /** These images are about to be sent, by one job. */
    public synchronized void begin(List<String> images) {
        if (sending.size() == MOST) {
            sending.removeFirst();
        }
        sending.addLast(Set.copyOf(images));
    }

    /** Whether a job that has ended is one of them; Orthanc tells its resources in an order of its own. */
    synchronized boolean end(List<String> resources) {
        return sending.removeFirstOccurrence(Set.copyOf(resources));
    }
}
