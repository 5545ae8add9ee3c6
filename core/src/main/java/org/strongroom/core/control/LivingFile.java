package org.strongroom.core.control;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * One JSON line of {@code GET /v1/living/{key}}: a sealed file that Orthanc has not removed.
 *
 * @param sealed the uuid that it was sealed under
 * @param names under which Orthanc has it; at least one
 * @param arrived when it came
 */
public record LivingFile(UUID sealed, List<UUID> names, Instant arrived) {
    public LivingFile {
        Objects.requireNonNull(sealed, "sealed");
        Objects.requireNonNull(arrived, "arrived");
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a file that lives has a name");
        }
    }
}
