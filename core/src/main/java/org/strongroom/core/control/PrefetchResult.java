package org.strongroom.core.control;

import java.util.List;
import java.util.stream.Stream;

/**
 * Answer of {@code POST /v1/prefetch}.
 *
 * @param studies of the keys, those of which something was ever sealed
 * @param coming of them, those that are being brought, or wait for it
 * @param instances whose bodies are not here, those on their way right now excepted
 * @param bytes of bodies that are not here; 0 only if nothing is missing
 * @param waitsFor why they did not come at the last try, if they did not
 */
public record PrefetchResult(long studies, long coming, long instances, long bytes, List<Status.Problem> waitsFor) {
    /** Of no study. */
    public static final PrefetchResult NOTHING = new PrefetchResult(0, 0, 0, 0, List.of());

    public PrefetchResult {
        waitsFor = List.copyOf(waitsFor);
    }

    /** Both together. */
    public PrefetchResult plus(PrefetchResult other) {
        return new PrefetchResult(
                studies + other.studies,
                coming + other.coming,
                instances + other.instances,
                bytes + other.bytes,
                Stream.concat(waitsFor.stream(), other.waitsFor.stream())
                        .distinct()
                        .toList());
    }
}
