package org.strongroom.plugin.hold;

import java.util.HashSet;
import java.util.Set;

/**
 * Studies that are kept and shown to nobody (GDPR article 18), by what Orthanc calls them. Asked for every study of every answer, so a
 * question costs one look-up, and nothing where no hold restricts. Whatever changes is in force for the next question. Thread-safe.
 */
public final class Restrictions {
    private volatile Set<String> studies = Set.of();

    /** Whether there is any. */
    public boolean any() {
        return !studies.isEmpty();
    }

    /** @param study Orthanc's id */
    public boolean has(String study) {
        return studies.contains(study);
    }

    /** What Orthanc calls them all. */
    public Set<String> all() {
        return studies;
    }

    /** These, and no others; {@link Holds} says which. */
    public void become(Set<String> restricted) {
        studies = Set.copyOf(restricted);
    }

    /** Under the lock of {@link Holds}. */
    void add(Set<String> restricted) {
        if (!studies.containsAll(restricted)) {
            Set<String> more = new HashSet<>(studies);
            more.addAll(restricted);
            become(more);
        }
    }
}
