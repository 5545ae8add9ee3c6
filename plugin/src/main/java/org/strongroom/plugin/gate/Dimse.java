package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.dimse.Finds;
import org.strongroom.plugin.dimse.Holdings;
import org.strongroom.plugin.dimse.Moves;
import org.strongroom.plugin.dimse.Stations;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.watch.Watched;

/** What is asked by DICOM, put together of Orthanc's configuration. Immutable. */
record Dimse(Finds finds, Moves moves) {
    /** What a workstation's user is, so is the station. */
    private static final List<String> ROLE = List.of("radiologist");

    private static final int MOST = 5000;

    /** @param whole Orthanc's configuration */
    static Dimse of(
            Configuration configuration,
            JsonNode whole,
            Access access,
            Lists lists,
            Shown shown,
            OrthancApi orthanc,
            Keyring keyring,
            Consumer<AuditEvent> audit) {
        Settings settings = configuration.settings();
        Map<String, String> names = new HashMap<>();
        Map<String, String> hosts = new HashMap<>();
        whole.path("DicomModalities").properties().forEach(modality -> {
            String title = modality.getValue().path("AET").asText();
            names.put(title, modality.getKey());
            hosts.put(title, modality.getValue().path("Host").asText());
        });
        Roles roles = Roles.of(settings.access());
        Parentage parentage = new Parentage(orthanc);
        Watched watched = new Watched(parentage, keyring::knownStudyKey);
        Holdings holdings = new StationHoldings(
                tenant -> new Mine(access, roles.principal("a station", List.of(tenant), ROLE, List.of())),
                lists,
                shown,
                parentage,
                whole.path("CaseSensitivePN").asBoolean(false));
        Stations stations = new Stations(settings.tenants(), names, hosts);
        int limit = whole.path("LimitFindResults").asInt(0);
        return new Dimse(
                new Finds(
                        stations,
                        holdings,
                        configuration.orthanc().dicomAet(),
                        limit > 0 ? Math.min(limit, MOST) : MOST,
                        RunningTime.system(),
                        audit),
                new Moves(
                        stations,
                        holdings,
                        (modality, images, originator, message) ->
                                orthanc.post("/modalities/" + modality + "/store", store(images, originator, message)),
                        study -> String.join(",", watched.keysOf(new Resource(Level.STUDY, false, study))),
                        Sleeper.SYSTEM,
                        audit));
    }

    private static byte[] store(List<String> images, String originator, int message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        images.forEach(body.putArray("Resources")::add);
        body.put("Synchronous", true).put("Permissive", false);
        body.put("MoveOriginatorAet", originator).put("MoveOriginatorID", message);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
