package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;

/**
 * Says of which study an image was, in an event that only names its attachment (format.md §9.3): Orthanc removes while it holds its index,
 * so whoever recorded it could look nothing up. Never throws, since an event without a study is better than none. Thread-safe if what it
 * asks is.
 */
public final class StudyOfImage implements UnaryOperator<AuditEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(StudyOfImage.class);
    private static final String KEY = "key";

    private final Keys keys;
    private final UnaryOperator<AuditEvent> tenants;

    /** Finds what an attachment is sealed under. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface Keys {
        /** By any name that Orthanc knew it by; empty if nobody knows. */
        Optional<UUID> keyOf(UUID attachment) throws IOException;
    }

    /** @param tenants says whose an event about a key is */
    public StudyOfImage(Keys keys, UnaryOperator<AuditEvent> tenants) {
        this.keys = keys;
        this.tenants = tenants;
    }

    @Override
    public AuditEvent apply(AuditEvent event) {
        Map<String, String> details = event.details();
        String attachment = details.getOrDefault("sealed", details.get("attachment"));
        if (attachment == null || details.containsKey(KEY)) {
            return event;
        }
        try {
            return keys.keyOf(UUID.fromString(attachment))
                    .map(key -> tenants.apply(event.with(KEY, key)))
                    .orElse(event);
        } catch (IOException | RuntimeException e) { // also one of a ledger's driver
            LOG.debug("of which study {} was is not known", attachment, e);
            return event;
        }
    }
}
