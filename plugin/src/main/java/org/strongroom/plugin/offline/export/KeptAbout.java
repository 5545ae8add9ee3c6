package org.strongroom.plugin.offline.export;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.control.ControlJson;
import org.strongroom.plugin.hold.Hold;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.hold.HoldOrders;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tenant.TenantKeys;
import org.strongroom.plugin.retention.Told;

/** What is kept about studies beside their images, for the person whom they show: whose they are, how long they stay, and why. Stateless. */
final class KeptAbout {
    private KeptAbout() {}

    /** JSON of it, from keyring, journal and what the last retention plan told; PHI. */
    static byte[] json(Place place, Keyring keyring, Clock clock, String selection, TenantKeys studies)
            throws IOException {
        Told told = Told.read(place.home(), keyring);
        List<Hold> holds = HoldOrders.read(place, keyring, clock).open();
        UUID tenant = keyring.tenantNamed(studies.tenant()).orElseThrow();
        List<Map<String, Object>> each = new ArrayList<>();
        Map<UUID, Map<String, Object>> reasons = new LinkedHashMap<>();
        for (UUID key : studies.keys()) {
            UUID sealedFor = keyring.owners().tenantOf(key).orElse(tenant);
            List<UUID> on = new ArrayList<>();
            for (Hold hold : holds) {
                if (hold.held().contains(key)
                        || hold.held().contains(tenant)
                        || hold.held().contains(sealedFor)) {
                    on.add(hold.id());
                    reasons.put(hold.id(), hold(hold));
                }
            }
            each.add(study(keyring.names().studyUid(key).orElse(""), key, told.until(key), on));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("installation", keyring.installation());
        json.put("selection", selection);
        json.put("at", clock.instant());
        json.put("tenant", studies.tenant());
        json.put("studies", each);
        json.put("holds", List.copyOf(reasons.values()));
        return ControlJson.write(json);
    }

    private static Map<String, Object> study(String uid, UUID key, Optional<Told.Until> until, List<UUID> holds) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("study", uid);
        json.put("key", key);
        json.put("until", until.map(Told.Until::until).orElse(null));
        json.put("rule", until.map(Told.Until::rule).orElse(null));
        json.put("holds", holds);
        return json;
    }

    /** Not its name: a hold on a tenant or by a query is about others too. */
    private static Map<String, Object> hold(Hold hold) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hold", hold.id());
        json.put("since", hold.since());
        json.put("kind", hold.text().kind());
        json.put("owner", hold.text().owner());
        json.put("reason", hold.text().reason());
        json.put("restricts", hold.text().restricts());
        return json;
    }
}
