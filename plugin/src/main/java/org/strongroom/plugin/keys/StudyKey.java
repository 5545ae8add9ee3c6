package org.strongroom.plugin.keys;

import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.secret.Key32;

/**
 * A key that seals attachments; its wrapped record is on disk. Immutable.
 *
 * @param id random id, never used again
 * @param tenant whose it is
 */
public record StudyKey(UUID id, Key32 key, UUID tenant) {
    public StudyKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(tenant, "tenant");
    }
}
