package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.access.Shared;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.OrthancOwnership;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sources;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.StudyTenants;
import org.strongroom.plugin.tenancy.TenantLabels;

/** North and south behind one gate; who asks says so in a header. Patient P0 is both's, and north's image came first. */
final class TwoClinics {
    static final String USER = "test-user";
    /** Who every referrer is. */
    static final String PHYSICIAN = "DOE^JANE";

    final PlayedOrthanc orthanc = new PlayedOrthanc();
    final List<AuditEvent> events = new ArrayList<>();
    final Gate gate;
    final Entrance entrance;
    final StationHoldings holdings;
    /** As where there is one tenant. */
    final StationHoldings everything;
    /**
     * Of an Orthanc that names archives after the tags that came first, and takes no list of them in an address; its DICOMweb takes
     * metadata from its index.
     */
    final Gate oldGate;

    final StudyTenants studies = new StudyTenants();
    final Restrictions restrictions = new Restrictions();
    final Started started = new Started(List.of(), jobs -> {}, InstantSource.system());
    private Duration elapsed = Duration.ZERO;
    final Access access;
    final Roles roles;
    /** It has not begun: {@link TenantLabels#run} is called by hand. */
    final TenantLabels labels;

    private final Lists lists;
    private final List<Answerer> answerers;
    /** Of an Orthanc that takes no list of resources in an address, too. */
    /** What happens while it is recorded that an image is made. */
    Runnable meanwhile = () -> {};
    /** Whether Orthanc asks Strongroom before the DICOMweb plugin. */
    boolean isFirst = true;

    final String northsShared = store("north", "P0", "SHARED^NORTH", "1.0");
    final String southsShared = store("south", "P0", "SHARED^SOUTH", "2.0");
    final String norths = store("north", "P1", "ONE^NORTH", "1.1");
    final String souths = store("south", "P2", "ONE^SOUTH", "2.1");
    final String northsOther = store("north", "P3", "TWO^NORTH", "1.2");

    TwoClinics() {
        this(10_000, 10_000);
    }

    /**
     * @param mostHeld of everybody's matches of one search
     * @param mostAddedUp studies in statistics, and resources that are described at once
     */
    TwoClinics(int mostHeld, int mostAddedUp) {
        this(mostHeld, mostAddedUp, true);
    }

    /** Of an Orthanc whose searches take no parent, too. */
    TwoClinics(int mostHeld, int mostAddedUp, boolean findsByParent) {
        Settings settings = Settings.parse(
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"}, "Tenants": {
                  "north": {"Sources": {"AETs": ["NORTH_CT", "NORTH_US"]}, "Destinations": ["NORTH_CT"], "Peers": ["norths"]},
                  "south": {"Sources": {"AETs": ["SOUTH_CT"]}, "Peers": ["souths"]}},
                  "Access": {"Roles": {"modifier": {"Permissions": ["study:view", "study:modify"]},
                    "sender": {"Permissions": ["study:view", "study:send", "study:emergency"], "OwnPatientsOnly": true},
                    "protection": {"Permissions": ["study:restricted", "study:view,tags,pixels,reports,download,delete,modify,send",
                      "share:create", "job:own", "remote:query"]},
                    "norths": {"Permissions": ["study:view:north"], "OwnPatientsOnly": true},
                    "everything": {"Permissions": ["*:*"]}}}}}""");
        roles = Roles.of(settings.access());
        Callers callers = (method, headers, peer) -> {
            String[] user = headers.getOrDefault(USER, "").split("-", -1);
            Principal known = user.length < 2
                    ? Principal.NOBODY
                    : roles.principal(
                            String.join("-", user),
                            user[0].isEmpty() ? List.of() : List.of(user[0].split("[+]", -1)),
                            List.of(user[1]),
                            List.of(PHYSICIAN));
            if (user.length > 2 && user[2].equals("link")) {
                return known.sharing("share:1", new Shared(user[0], norths), user.length > 3);
            }
            return user.length < 3
                    ? known
                    : known.opening(StudyTenants.patientsNamed("P1").stream()
                            .map(patient -> new Principal.Opened("e", user[0], patient))
                            .collect(Collectors.toSet()));
        };
        Ownership ownership =
                new OrthancOwnership(orthanc, studies, started::starter, settings.tenants(), true, restrictions::all);
        access = new Access(
                RouteTable.of(DicomWebRoots.DEFAULTS, List.of()), AccessControl.tenants(settings), ownership);
        Arrivals arrivals = new Arrivals(
                settings,
                Sources.of(settings.tenants(), MissingNode.getInstance()),
                studies,
                started::tenantOf,
                events::add);
        Shown shown = new Shown(orthanc, findsByParent);
        labels = new TenantLabels(orthanc, studies, AccessControl.tenants(settings), () -> elapsed);
        Searches searches = new Searches(access, shown, Optional.of(labels), restrictions, true, mostHeld);
        lists = new Lists(callers, access, shown, searches);
        DicomWeb web = new DicomWeb("/dicom-web", "/dicom-web", false, false, true);
        AtomicReference<FirstAsked> asked = new AtomicReference<>();
        FirstAsked first = new FirstAsked(
                "/dicom-web",
                (uri, secret) -> isFirst ? new String(asked.get().answer().body(), StandardCharsets.US_ASCII) : "[]");
        asked.set(first);
        Jobs jobs = new Jobs(shown, orthanc::order, started, () -> elapsed, pause -> elapsed = elapsed.plus(pause));
        Statistics statistics = new Statistics(callers, access, searches, shown, mostAddedUp);
        Peers peers = new Peers();
        OrderEvents orders = new OrderEvents(peers, events::add);
        answerers = List.of(
                new Qido(callers, access, searches, shown, web, first),
                new Histories(callers, access, shown),
                statistics,
                new Own(callers, access, shown),
                new BulkContent(callers, access, shown, mostAddedUp),
                new Kin(callers, access, shown),
                new Orders(
                        callers,
                        access,
                        new NewStudies(ownership, studies, new Receivers(shown, settings.tenants())),
                        jobs,
                        orthanc::order,
                        resource -> List.of("key-of-" + resource.id()),
                        orders),
                new NewImages(
                        callers,
                        access,
                        shown,
                        jobs,
                        orthanc::order,
                        resource -> {
                            meanwhile.run();
                            return List.of("key-of-" + resource.id());
                        },
                        orders),
                new Queries(callers, access, jobs, orthanc::order, started, orders, "ORTHANC"));
        NamelessDenials nameless = new NamelessDenials(() -> elapsed);
        entrance = new Entrance(callers, access, new OwnMedium(access, shown), nameless, events::add);
        holdings = new StationHoldings(
                tenant -> new TenantSight(
                        new Mine(
                                access,
                                roles.principal("a station", List.of(tenant), List.of("radiologist"), List.of())),
                        searches,
                        shown),
                shown,
                new Parentage(orthanc),
                false);
        everything = new StationHoldings(
                tenant -> new WholeSight(shown, true, restrictions), shown, new Parentage(orthanc), false);
        gate = new Gate(callers, access, arrivals::tenantOf, true, true, peers, answerers, nameless, events::add);
        oldGate = new Gate(
                callers, access, arrivals::tenantOf, false, false, new Peers(), answerers, nameless, events::add);
    }

    String store(String tenant, String patient, String name, String uid) {
        studies.claim(
                tenant,
                UUID.randomUUID(),
                Set::of,
                patient.getBytes(StandardCharsets.US_ASCII),
                uid.getBytes(StandardCharsets.US_ASCII));
        return orthanc.store(patient, name, uid);
    }

    RestAnswer ask(String user, HttpMethod method, String uri, String body) {
        String[] halves = uri.split("\\?", 2);
        RestRequest request = new RestRequest(
                method,
                halves[0],
                arguments(halves.length < 2 ? "" : halves[1]),
                Map.of(USER, user, "host", "pacs:8042"),
                ByteSource.of(body.getBytes(StandardCharsets.UTF_8)),
                "");
        return new Turns(answerers, lists, lists).before(lists).handle(request);
    }

    static List<Map.Entry<String, String>> arguments(String query) {
        List<Map.Entry<String, String>> arguments = new ArrayList<>();
        for (String argument : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] pair = argument.split("=", 2);
            arguments.add(Map.entry(pair[0], pair.length < 2 ? "" : pair[1]));
        }
        return arguments;
    }
}
