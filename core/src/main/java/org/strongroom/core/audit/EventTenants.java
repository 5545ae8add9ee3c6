package org.strongroom.core.audit;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Says whose an event is (format.md §9.1) where whoever records it does not: of the study's key that it names, else of who did it. Never
 * throws, since an event without a tenant is better than none. Thread-safe if what it asks is.
 */
public final class EventTenants implements UnaryOperator<AuditEvent> {
    /** About the machine, its keys and its log, and no tenant's: unless it names a study, or a user of one did it. */
    private static final Set<AuditType> NOBODYS = EnumSet.of(
            AuditType.START,
            AuditType.STOP,
            AuditType.SETTINGS,
            AuditType.KEY,
            AuditType.TIER,
            AuditType.DRILL,
            AuditType.RECORDING_START,
            AuditType.RECORDING_STOP,
            AuditType.RECORDING_GAP,
            AuditType.LOG_READ,
            AuditType.LOG_PRUNE,
            AuditType.ALERT);

    private static final int UUID_LENGTH = 36;

    private final Optional<String> only;
    private final KeyOwners keys;
    private final Function<String, Optional<String>> users;

    /** Knows whose what a key seals is. Obligations: safe for several threads. */
    @FunctionalInterface
    public interface KeyOwners {
        /** The tenant's name, now; empty if there is no such key, or it is destroyed. */
        Optional<String> ownerOf(UUID key) throws IOException;
    }

    /**
     * Tells events apart.
     *
     * @param tenants all that the keyring knows
     * @param users the tenant that somebody works for, if it is one; waits for nobody
     */
    public EventTenants(Set<String> tenants, KeyOwners keys, Function<String, Optional<String>> users) {
        this.only = tenants.size() == 1 ? Optional.of(tenants.iterator().next()) : Optional.empty();
        this.keys = keys;
        this.users = users;
    }

    @Override
    public AuditEvent apply(AuditEvent event) {
        if (event.tenant().isPresent()) {
            return event;
        }
        Optional<String> tenant = Optional.ofNullable(event.details().get("key"))
                .flatMap(this::ofKey)
                .or(() -> event.principal().flatMap(this::ofUser))
                .or(() -> only.filter(one -> !NOBODYS.contains(event.type())));
        return tenant.map(event::ofTenant).orElse(event);
    }

    private Optional<String> ofKey(String key) {
        if (key.length() != UUID_LENGTH) {
            return Optional.empty(); // Orthanc did not say which study it is
        }
        if (only.isPresent()) {
            return only;
        }
        try {
            return keys.ownerOf(UUID.fromString(key));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // also one of a ledger's driver
        }
    }

    private Optional<String> ofUser(String name) {
        try {
            return users.apply(name);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }
}
