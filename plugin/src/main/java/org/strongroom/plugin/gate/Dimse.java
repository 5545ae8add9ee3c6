package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AeTitles;
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
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.watch.OwnJobs;
import org.strongroom.plugin.watch.Watched;

/** What answers C-FIND and C-MOVE, put together of Orthanc's configuration. Immutable. */
public record Dimse(Finds finds, Moves moves) {
    /** What a workstation's user is, so is the station. */
    private static final List<String> ROLE = List.of("radiologist");

    private static final int MOST = 5000;

    private static final System.Logger LOG = System.getLogger(Dimse.class.getName());

    /**
     * Where tenants are kept apart.
     *
     * @param whole Orthanc's configuration
     */
    static Dimse ofTenants(Room room, JsonNode whole, Access access, Searches searches) {
        Settings settings = room.configuration.settings();
        Map<String, String> names = new HashMap<>();
        Map<String, String> hosts = new HashMap<>();
        whole.path("DicomModalities").properties().forEach(modality -> {
            String title = AeTitles.folded(modality.getValue().path("AET").asText());
            names.put(title, modality.getKey());
            hosts.put(title, modality.getValue().path("Host").asText());
        });
        return room.dimse(
                whole, Stations.ofTenants(settings.tenants(), names, hosts), room.sights(access, searches), MOST);
    }

    /**
     * Where one tenant is left of several, and something of the others is here: whoever Orthanc lets ask is given what is the tenant's.
     *
     * @param whole Orthanc's configuration
     */
    static Dimse ofLast(Room room, JsonNode whole, Access access, Searches searches) {
        return room.dimse(whole, room.everybodys(whole), room.sights(access, searches), MOST);
    }

    /**
     * Where all of it is one tenant's: so that it is recorded.
     *
     * @param json Orthanc's configuration
     * @param restrictions what is shown to nobody
     */
    public static Dimse ofOne(Room room, String json, Restrictions restrictions) {
        JsonNode whole = Json.read(json.getBytes(StandardCharsets.UTF_8));
        Shown shown = new Shown(room.orthanc);
        return room.dimse(
                whole,
                room.everybodys(whole),
                tenant -> new WholeSight(
                        shown, !whole.path("StorageAccessOnFind").asText("").equals("Never"), restrictions),
                Integer.MAX_VALUE - 1);
    }

    /** Of the modality with this title, compared as Orthanc does. */
    private static Optional<String> name(JsonNode modalities, String title, boolean strict) {
        return modalities.properties().stream()
                .filter(modality -> {
                    String here = modality.getValue().path("AET").asText().strip();
                    return strict ? here.equals(title) : here.equalsIgnoreCase(title);
                })
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * Where both are made.
     *
     * @param dicom makes a DICOM file of JSON
     * @param own told of the jobs that send
     * @param audit returns when an event is durable
     */
    public record Room(
            Configuration configuration,
            OrthancApi orthanc,
            Keyring keyring,
            Function<String, byte[]> dicom,
            OwnJobs own,
            Consumer<AuditEvent> audit) {
        /** Whoever Orthanc lets ask. */
        private Stations everybodys(JsonNode whole) {
            if (!whole.path("LuaScripts").isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Strongroom answers C-FIND: a Lua function IncomingFindRequestFilter is not asked. With"
                                + " Audit.Stations false Orthanc answers, and it is, unless studies of other tenants are"
                                + " here");
            }
            Shown shown = new Shown(orthanc);
            boolean strict = whole.path("StrictAetComparison").asBoolean(false);
            return Stations.ofOne(
                    configuration.settings().firstTenant(),
                    title -> name(shown.get("/modalities?expand"), title, strict));
        }

        /** What stations of each tenant see: what its users would. */
        private Function<String, Sight> sights(Access access, Searches searches) {
            Roles roles = Roles.of(configuration.settings().access());
            Shown shown = new Shown(orthanc);
            return tenant -> new TenantSight(
                    new Mine(access, roles.principal("a station", List.of(tenant), ROLE, List.of())), searches, shown);
        }

        private Dimse dimse(JsonNode whole, Stations stations, Function<String, Sight> ofTenant, int most) {
            if (whole.path("JobsHistorySize").asInt(1) == 0) {
                throw StrongroomException.of(FailureKind.REFUSED, "with JobsHistorySize 0 no C-MOVE would succeed")
                        .cure("Set JobsHistorySize to at least 10 (100 where many C-MOVEs and archives go on)");
            }
            Parentage parentage = new Parentage(orthanc);
            Watched watched = new Watched(parentage, keyring::knownStudyKey);
            Holdings holdings = new StationHoldings(
                    ofTenant,
                    new Shown(orthanc),
                    parentage,
                    whole.path("CaseSensitivePN").asBoolean(false));
            return new Dimse(
                    new Finds(
                            stations,
                            holdings,
                            configuration.orthanc().dicomAet(),
                            level -> limit(whole, level, most),
                            dicom,
                            RunningTime.system(),
                            audit),
                    new Moves(
                            stations,
                            holdings,
                            (modality, images, originator, message) -> {
                                OwnJobs.Sending sending = own.begin(images);
                                try (sending) {
                                    orthanc.post(
                                            "/modalities/" + modality + "/store", store(images, originator, message));
                                }
                            },
                            study -> String.join(",", watched.keysOf(new Resource(Level.STUDY, false, study))),
                            Sleeper.SYSTEM,
                            audit));
        }
    }

    private static int limit(JsonNode whole, Holdings.Level level, int most) {
        String name = level == Holdings.Level.IMAGE ? "LimitFindInstances" : "LimitFindResults";
        int limit = whole.path(name).asInt(0);
        return limit > 0 ? Math.min(limit, most) : most;
    }

    private static byte[] store(List<String> images, String originator, int message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        images.forEach(body.putArray("Resources")::add);
        // A station waits: before what nobody waits for.
        body.put("Synchronous", true).put("Permissive", false).put("Priority", 10);
        body.put("MoveOriginatorAet", originator).put("MoveOriginatorID", message);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
