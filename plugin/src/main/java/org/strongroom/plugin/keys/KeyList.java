package org.strongroom.plugin.keys;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.format.v1.Sha256;

/** Keys that are named beside a sealed text, by whoever carries it (format.md §6.2, §6.3). Stateless. */
public final class KeyList {
    private KeyList() {}

    /** Tells whether keys are those that a person meant, in any order. */
    public static String digest(Collection<UUID> keys) {
        String all = keys.stream().map(UUID::toString).distinct().sorted().collect(Collectors.joining());
        return Sha256.of(all.getBytes(StandardCharsets.US_ASCII)).toString();
    }
}
