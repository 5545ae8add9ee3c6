package org.strongroom.plugin.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.strongroom.core.time.RunningTime;

/** What Strongroom has Orthanc send by jobs and records itself, step by step. Thread-safe. */
public final class OwnJobs {
    /** Orthanc tells of an end at once; what it never told must not hide somebody else's job that sends the same images later. */
    static final Duration FORGOTTEN = Duration.ofMinutes(1);

    private final RunningTime time;
    /** The oldest first: a few, as many as are sent at once or were in the last minute. */
    private final List<Sending> sending = new ArrayList<>();

    public OwnJobs(RunningTime time) {
        this.time = time;
    }

    /** A job that goes on until it is closed. */
    public final class Sending implements AutoCloseable {
        private final Set<String> images;
        /** In running time; null while somebody waits for it. */
        private Duration ended;

        private Sending(List<String> images) {
            this.images = Set.copyOf(images);
        }

        /** It has ended, as Orthanc answers; its news may still be on the way. */
        @Override
        public void close() {
            synchronized (OwnJobs.this) {
                ended = time.now();
            }
        }
    }

    /** These images are about to be sent, by one job. */
    public synchronized Sending begin(List<String> images) {
        forget();
        Sending one = new Sending(images);
        sending.add(one);
        return one;
    }

    /** Whether one of them goes on. */
    synchronized boolean isSending() {
        return sending.stream().anyMatch(one -> one.ended == null);
    }

    /** Whether a job that begins is one of them. */
    synchronized boolean areSent(List<String> resources) {
        Set<String> images = Set.copyOf(resources);
        return sending.stream().anyMatch(one -> one.images.equals(images));
    }

    /** Whether a job that has ended is one of them; Orthanc tells its resources in an order of its own. */
    synchronized boolean end(List<String> resources) {
        forget();
        Set<String> images = Set.copyOf(resources);
        for (int at = 0; at < sending.size(); at++) {
            if (sending.get(at).images.equals(images)) {
                sending.remove(at);
                return true;
            }
        }
        return false;
    }

    private void forget() {
        Duration now = time.now();
        sending.removeIf(one -> one.ended != null && now.minus(one.ended).compareTo(FORGOTTEN) > 0);
    }
}
