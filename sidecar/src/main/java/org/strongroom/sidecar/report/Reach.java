package org.strongroom.sidecar.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.UserSettings;
import org.strongroom.sidecar.search.EventQuery;

/** How far the rights of an account reached: what it could have seen, whether it did or not. Stateless. */
final class Reach {
    private Reach() {}

    /** @param user as the settings are now; empty if they do not know the account */
    static Document.Section of(Source source, Optional<UserSettings> user) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        if (user.isPresent()) {
            for (String tenant : user.get().tenants()) {
                rows.add(List.of(
                        tenant, String.join(", ", user.get().roles()), Integer.toString(studies(source, tenant))));
            }
        }
        return new Document.Section(
                "reach",
                "What its rights allow",
                "By the settings as they are now: the log has their changes (audit search --type settings). Studies"
                        + " are those of which an image had arrived for the tenant, or that were given to it, until the"
                        + " end of the time, as far as the log reaches and whatever became of them. Who is not in the settings (a user of a directory or provider, a station) is not in this"
                        + " table.",
                List.of("tenant", "roles", "studies"),
                rows);
    }

    private static int studies(Source source, String tenant) throws IOException {
        Set<String> keys = new HashSet<>();
        Source always = new Source(source.events(), Optional.empty(), source.until(), source.zone());
        always.each(
                EventQuery.ALL.ofTenant(tenant).of(Set.of(AuditType.ARRIVAL, AuditType.ASSIGNMENT)), (index, entry) -> {
                    String key = entry.event().details().getOrDefault("key", "");
                    if (entry.event().outcome() == AuditOutcome.SUCCESS && !key.isEmpty()) {
                        keys.add(key);
                    }
                });
        return keys.size();
    }
}
