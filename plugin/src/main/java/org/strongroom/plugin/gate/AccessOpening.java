package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.GroupSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Accounts;
import org.strongroom.plugin.login.emergency.Emergencies;
import org.strongroom.plugin.login.page.LoginPages;
import org.strongroom.plugin.login.request.BehindProxies;
import org.strongroom.plugin.login.share.ShareTerms;
import org.strongroom.plugin.openid.Provider;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.OrthancOwnership;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sources;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.StudyTenants;
import org.strongroom.plugin.tenancy.TenantLabels;
import org.strongroom.plugin.watch.OwnJobs;
import org.strongroom.plugin.watch.Watched;

/**
 * Puts an {@link AccessControl} together: first whose everything is, then who may see it, then who comes in, and at last what answers
 * them. Nothing of it asks Orthanc, which does not answer yet. For one thread, once.
 */
final class AccessOpening {
    private static final System.Logger LOG = System.getLogger(AccessOpening.class.getName());

    private final Configuration configuration;
    private final Settings settings;
    private final Home home;
    private final Keyring keyring;
    private final Orthanc orthanc;
    private final Consumer<AuditEvent> audit;
    private final InstantSource clock;

    private final JsonNode whole;
    private final DicomWebRoots roots;
    private final OrthancApi api;
    private final Shown shown;
    private final Roles roles;
    private final StudyTenants studies;
    private final Started started;

    AccessOpening(
            Configuration configuration,
            Home home,
            Keyring keyring,
            Orthanc orthanc,
            Consumer<AuditEvent> audit,
            InstantSource clock)
            throws IOException {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.home = home;
        this.keyring = keyring;
        this.orthanc = orthanc;
        this.audit = audit;
        this.clock = clock;
        whole = new ObjectMapper().readTree(orthanc.getConfiguration());
        roots = DicomWebRoots.of(orthanc.getConfiguration());
        api = OrthancApi.of(orthanc);
        shown = new Shown(api, orthanc.checkVersionAdvanced(1, 12, 7));
        roles = Roles.of(settings.access());
        studies = StudyTenants.of(keyring);
        started = Started.open(home.login(), keyring, clock);
    }

    /** As {@link AccessControl#open}. */
    AccessControl open(boolean wereSeveral, Restrictions restrictions, OwnJobs own) throws IOException {
        Map<String, Account> accounts = Accounts.of(settings, System.getenv());
        boolean physicians = areLimited(accounts);
        if (physicians) {
            KeptApart.requireAllFound(configuration);
        }
        boolean othersLeft = !settings.keepsTenantsApart() && wereSeveral && studies.hasOthers(settings.firstTenant());
        if (othersLeft) {
            requireOthersKept();
        }
        reserve();
        Ownership ownership =
                new OrthancOwnership(api, studies, started::starter, settings.tenants(), physicians, restrictions::all);
        Access access = new Access(
                RouteTable.of(roots, settings.access().routes()), AccessControl.tenants(settings), ownership);
        DicomWeb web = DicomWeb.of(whole, roots);
        FirstAsked first = new FirstAsked(web.root(), this::askedFromInside);
        Login login = login(accounts, sharing(access, Viewers.of(whole, web, first)));
        Callers callers = Callers.of(login);
        Optional<TenantLabels> labels = labels();
        Searches searches =
                new Searches(access, shown, labels, restrictions, settings.keepsTenantsApart() || wereSeveral);
        Peers peers = new Peers();
        List<Answerer> answerers = new ArrayList<>(List.of(
                new Qido(callers, access, searches, shown, web, first),
                new Histories(callers, access, shown),
                new Statistics(callers, access, searches, shown),
                new Own(callers, access, shown),
                new BulkContent(callers, access, shown),
                new Kin(callers, access, shown)));
        answerers.addAll(orders(callers, access, ownership, peers));
        NamelessDenials nameless = new NamelessDenials(RunningTime.system());
        Arrivals arrivals = arrivals();
        Gate gate = new Gate(
                callers,
                access,
                arrivals::tenantOf,
                orthanc.checkVersionAdvanced(1, 12, 7),
                web.metadataOfFiles(),
                peers,
                answerers,
                nameless,
                audit);
        LoginPages pages = new LoginPages(
                login,
                request -> peers.of(request.headers()),
                configuration.orthanc().name());
        return new AccessControl(
                login,
                studies,
                labels,
                started,
                api,
                arrivals,
                gate,
                new Turns(answerers, new Lists(callers, access, shown, searches), pages),
                new BehindProxies(settings.access().login().proxies())
                        .authentication(
                                new Entrance(callers, access, new OwnMedium(access, shown), nameless, audit)
                                        ::authenticate),
                stations(othersLeft, access, searches, own));
    }

    /** Whether somebody may see own patients only. */
    private boolean areLimited(Map<String, Account> accounts) {
        List<GroupSettings> groups = new ArrayList<>();
        settings.access().directory().ifPresent(known -> groups.addAll(known.groups()));
        settings.access().openIdConnect().ifPresent(known -> groups.addAll(known.groups()));
        return Stream.concat(
                        accounts.values().stream().map(Account::principal),
                        Stream.of(roles.principal("members", groups, List.of())))
                .anyMatch(Principal::isLimitedToOwnPatients);
    }

    private void requireOthersKept() {
        KeptApart.requireOthersKept(configuration);
        LOG.log(
                System.Logger.Level.WARNING,
                "Studies of other tenants than {0} are here, and shown to nobody: write those tenants into"
                        + " Strongroom.Tenants again, or give the studies away (docs/operations.md, a tenant that is"
                        + " gone)",
                settings.firstTenant());
    }

    /** What jobs of before are to make is whose they were. */
    private void reserve() {
        started.coming().forEach(makes -> makes.studies().forEach(uid -> studies.reserve(now(makes.tenant()), uid)));
    }

    /** What a tenant of before is called now. */
    private String now(String tenant) {
        boolean renamed = studies.areOnes() && !tenant.equals(AccessSettings.QUARANTINE);
        return renamed ? settings.firstTenant() : tenant;
    }

    private Arrivals arrivals() {
        Sources sources = Sources.of(settings.tenants(), whole.path("DicomModalities"));
        return new Arrivals(
                settings,
                sources,
                studies,
                patients -> started.tenantOf(patients).map(this::now),
                audit);
    }

    private ShareTerms sharing(Access access, Viewers viewers) {
        boolean advanced = orthanc.checkVersionAdvanced(1, 12, 7);
        return new ShareTerms(
                settings.access().share().usual(),
                settings.access().share().longest(),
                new StudiesToShare(access, shown, api, studies, keyring::knownStudyKey, viewers, advanced));
    }

    private Login login(Map<String, Account> accounts, ShareTerms sharing) throws IOException {
        Optional<Directory> directory = settings.access()
                .directory()
                .map(known -> new Directory(known, System.getenv(), clock, new SilenceTold(home.silentDirectory())));
        Optional<Provider> openId = settings.access()
                .openIdConnect()
                .map(known -> new Provider(
                        known,
                        settings.access().login().address().orElseThrow(), // the settings see to it
                        System.getenv(),
                        clock,
                        new SilenceTold(home.silentProvider())));
        Emergencies.Terms emergencies =
                new Emergencies.Terms(settings.access().emergency(), home.unreviewed(), StudyTenants::patientsNamed);
        Login.Who who = new Login.Who(accounts, directory, openId, roles);
        return Login.open(home.login(), keyring, settings.access().login(), who, emergencies, sharing, audit, clock);
    }

    private Optional<TenantLabels> labels() {
        return settings.keepsTenantsApart() && orthanc.checkVersionAdvanced(1, 12, 0)
                ? Optional.of(new TenantLabels(api, studies, AccessControl.tenants(settings), RunningTime.system()))
                : Optional.empty();
    }

    /** What answers users who have Orthanc do something. */
    private List<Answerer> orders(Callers callers, Access access, Ownership ownership, Peers peers) {
        BiFunction<String, byte[], HttpAnswer> post =
                (uri, body) -> orthanc.callRestApi(HttpMethod.POST, uri, Map.of(), body, false);
        Jobs jobs = new Jobs(shown, post, started, RunningTime.system(), Sleeper.SYSTEM);
        Function<Resource, List<String>> keysOf = new Watched(new Parentage(api), keyring::knownStudyKey)::keysOf;
        OrderEvents events = new OrderEvents(peers, audit);
        NewStudies made = new NewStudies(ownership, studies, new Receivers(shown, settings.tenants()));
        String title = configuration.orthanc().dicomAet();
        return List.of(
                new Orders(callers, access, made, jobs, post, keysOf, events),
                new NewImages(callers, access, shown, jobs, post, keysOf, events),
                new Queries(callers, access, jobs, post, started, events, title));
    }

    private Optional<Dimse> stations(boolean othersLeft, Access access, Searches searches, OwnJobs own) {
        Dimse.Room room = new Dimse.Room(configuration, api, keyring, orthanc::createDicom, own, audit);
        if (settings.keepsTenantsApart()) {
            return Optional.of(Dimse.ofTenants(room, whole, access, searches));
        }
        return othersLeft ? Optional.of(Dimse.ofLast(room, whole, access, searches)) : Optional.empty();
    }

    /** What answers a request from inside, other plugins included; never called by what answers requests. */
    private String askedFromInside(String uri, String secret) {
        HttpAnswer answer =
                orthanc.callRestApi(HttpMethod.GET, uri, Map.of(FirstAsked.HEADER, secret), new byte[0], true);
        if (answer.status() >= 500) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "nobody answers QIDO-RS now")
                    .with("status", answer.status());
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
