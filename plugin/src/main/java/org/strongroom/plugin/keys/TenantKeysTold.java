package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/** Records that a tenant's key is in use, from its first start on. For whoever holds Home's lock. */
public final class TenantKeysTold {
    private TenantKeysTold() {}

    /**
     * Records those that were not recorded before; a kill at the wrong moment makes it two records, never none.
     *
     * @param audit returns when an event is durable
     */
    public static void tell(Home home, List<TenantKey> keys, Consumer<AuditEvent> audit) throws IOException {
        Path file = home.toldKeys();
        Set<String> told = Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : new TreeSet<>();
        boolean more = false;
        for (TenantKey key : keys) {
            if (told.add(key.tenant() + " " + key.epoch())) {
                audit.accept(AuditEvent.of(AuditType.KEY)
                        .by(AuditEvent.STRONGROOM)
                        .ofTenant(key.name())
                        .with("tenantKey", key.tenant())
                        .with("epoch", key.epoch())
                        .with("step", "in use"));
                more = true;
            }
        }
        if (more) {
            DurableFiles.replace(file, (String.join("\n", told) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
