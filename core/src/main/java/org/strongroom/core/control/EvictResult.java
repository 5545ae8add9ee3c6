package org.strongroom.core.control;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Answer of {@code POST /v1/evict}.
 *
 * @param instances whose bodies went (or would go)
 * @param bytes freed, of what is attached to studies and series as well
 * @param kept what stays, by reason
 */
public record EvictResult(long instances, long bytes, List<Kept> kept) {
    public EvictResult {
        kept = List.copyOf(kept);
    }

    /** Both together. */
    public EvictResult plus(EvictResult other) {
        Map<String, Long> reasons = new TreeMap<>();
        Stream.concat(kept.stream(), other.kept.stream())
                .forEach(each -> reasons.merge(each.reason(), each.instances(), Long::sum));
        return new EvictResult(
                instances + other.instances,
                bytes + other.bytes,
                reasons.entrySet().stream()
                        .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                        .toList());
    }
}
