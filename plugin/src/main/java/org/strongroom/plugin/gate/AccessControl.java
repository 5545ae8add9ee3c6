package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.GroupSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.access.Access;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Ownership;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.BridgeLimits;
import org.strongroom.plugin.bridge.HttpAnswer;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Accounts;
import org.strongroom.plugin.login.emergency.Emergencies;
import org.strongroom.plugin.login.page.LoginPages;
import org.strongroom.plugin.login.share.ShareTerms;
import org.strongroom.plugin.openid.Provider;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.OrthancOwnership;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sources;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.StrayKeys;
import org.strongroom.plugin.tenancy.StrayRemoval;
import org.strongroom.plugin.tenancy.StudyTenants;
import org.strongroom.plugin.tenancy.TenantLabels;
import org.strongroom.plugin.watch.OwnJobs;
import org.strongroom.plugin.watch.Watched;

/** All that is in force only where there are tenants, users or roles. Thread-safe. */
public final class AccessControl implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AccessControl.class.getName());

    private final Login login;
    private final StudyTenants studies;
    private final Optional<TenantLabels> labels;
    private final Started started;
    private final OrthancApi orthanc;
    private final Arrivals arrivals;
    private final Gate gate;
    private final Turns turns;
    private final Entrance entrance;
    private final Optional<Dimse> dimse;

    private AccessControl(
            Login login,
            StudyTenants studies,
            Optional<TenantLabels> labels,
            Started started,
            OrthancApi orthanc,
            Arrivals arrivals,
            Gate gate,
            Turns turns,
            Entrance entrance,
            Optional<Dimse> dimse) {
        this.login = login;
        this.studies = studies;
        this.labels = labels;
        this.started = started;
        this.orthanc = orthanc;
        this.arrivals = arrivals;
        this.gate = gate;
        this.turns = turns;
        this.entrance = entrance;
        this.dimse = dimse;
    }

    /**
     * Reads who may come in, and whose every study is.
     *
     * @param wereSeveral whether tenants were ever kept apart here
     * @param orthanc asked later only, when it answers
     * @param restrictions what is shown to nobody
     * @param own told of the jobs of C-MOVEs
     * @param audit returns when an event is durable
     * @throws StrongroomException REFUSED if Orthanc's settings leave a way around, or a password is not where the settings say;
     *     CORRUPT if a key's record does not open
     */
    public static AccessControl open(
            Configuration configuration,
            Home home,
            Keyring keyring,
            boolean wereSeveral,
            Orthanc orthanc,
            Restrictions restrictions,
            OwnJobs own,
            Consumer<AuditEvent> audit,
            InstantSource clock)
            throws IOException {
        Settings settings = configuration.settings();
        Map<String, Account> accounts = Accounts.of(settings, System.getenv());
        StudyTenants studies = StudyTenants.of(keyring);
        boolean othersLeft = !settings.keepsTenantsApart() && wereSeveral && studies.hasOthers(settings.firstTenant());
        if (othersLeft) {
            KeptApart.requireOthersKept(configuration);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Studies of other tenants than {0} are here, and shown to nobody: write those tenants into"
                            + " Strongroom.Tenants again, or give the studies away (docs/operations.md, a tenant that is"
                            + " gone)",
                    settings.firstTenant());
        }
        Started started = Started.open(home.login(), keyring, clock);
        UnaryOperator<String> now = tenant ->
                studies.areOnes() && !tenant.equals(AccessSettings.QUARANTINE) ? settings.firstTenant() : tenant;
        started.coming()
                .forEach(makes -> makes.studies().forEach(uid -> studies.reserve(now.apply(makes.tenant()), uid)));
        OrthancApi api = OrthancApi.of(orthanc);
        Roles roles = Roles.of(settings.access());
        List<GroupSettings> groups = groups(settings.access());
        boolean physicians = Stream.concat(
                        accounts.values().stream().map(Account::principal),
                        Stream.of(roles.principal("members", groups, List.of())))
                .anyMatch(Principal::isLimitedToOwnPatients);
        JsonNode whole = new ObjectMapper().readTree(orthanc.getConfiguration());
        if (physicians) {
            KeptApart.requireAllFound(configuration);
        }
        Sources sources = Sources.of(settings.tenants(), whole.path("DicomModalities"));
        Arrivals arrivals = new Arrivals(
                settings,
                sources,
                studies,
                patients -> started.tenantOf(patients).map(now),
                audit);
        DicomWebRoots roots = DicomWebRoots.of(orthanc.getConfiguration());
        Shown shown = new Shown(api);
        DicomWeb web = DicomWeb.of(whole, roots);
        FirstAsked first = new FirstAsked(web.root(), (uri, secret) -> asked(orthanc, uri, secret));
        Ownership ownership =
                new OrthancOwnership(api, studies, started::starter, settings.tenants(), physicians, restrictions::all);
        Access access = new Access(RouteTable.of(roots, settings.access().routes()), tenants(settings), ownership);
        Emergencies.Terms emergencies =
                new Emergencies.Terms(settings.access().emergency(), home.unreviewed(), StudyTenants::patientsNamed);
        ShareTerms sharing = new ShareTerms(
                settings.access().share().usual(),
                settings.access().share().longest(),
                new StudiesToShare(
                        access,
                        shown,
                        api,
                        studies,
                        keyring::knownStudyKey,
                        Viewers.of(whole, web, first),
                        orthanc.checkVersionAdvanced(1, 12, 7)));
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
        Login.Who who = new Login.Who(accounts, directory, openId, roles);
        Login login =
                Login.open(home.login(), keyring, settings.access().login(), who, emergencies, sharing, audit, clock);
        Callers callers = Callers.of(login);
        Peers peers = new Peers();
        Optional<TenantLabels> labels = settings.keepsTenantsApart() && orthanc.checkVersionAdvanced(1, 12, 0)
                ? Optional.of(new TenantLabels(api, studies, tenants(settings), RunningTime.system()))
                : Optional.empty();
        Searches searches = new Searches(access, shown, labels);
        Lists lists = new Lists(callers, access, shown, searches);
        BiFunction<String, byte[], HttpAnswer> post =
                (uri, body) -> orthanc.callRestApi(HttpMethod.POST, uri, Map.of(), body, false);
        Jobs jobs = new Jobs(shown, post, started, RunningTime.system(), Sleeper.SYSTEM);
        Function<Resource, List<String>> keysOf = new Watched(new Parentage(api), keyring::knownStudyKey)::keysOf;
        OrderEvents orders = new OrderEvents(peers, audit);
        List<Answerer> answerers = List.of(
                new Qido(callers, access, searches, shown, web, first),
                new Histories(callers, access, shown),
                new Statistics(callers, access, searches, shown),
                new Own(callers, access, shown),
                new BulkContent(callers, access, shown),
                new Kin(callers, access, shown),
                new Orders(
                        callers,
                        access,
                        new NewStudies(ownership, studies, new Receivers(shown, settings.tenants())),
                        jobs,
                        post,
                        keysOf,
                        orders),
                new Queries(
                        callers,
                        access,
                        jobs,
                        post,
                        started,
                        orders,
                        configuration.orthanc().dicomAet()));
        Dimse.Room stations = new Dimse.Room(configuration, api, keyring, orthanc::createDicom, own, audit);
        Optional<Dimse> dimse = Optional.empty();
        if (settings.keepsTenantsApart()) {
            dimse = Optional.of(Dimse.ofTenants(stations, whole, access, searches));
        } else if (othersLeft) {
            dimse = Optional.of(Dimse.ofLast(stations, whole, access, searches));
        }
        LoginPages pages = new LoginPages(
                login,
                request -> peers.of(request.headers()),
                configuration.orthanc().name());
        NamelessDenials nameless = new NamelessDenials(RunningTime.system());
        return new AccessControl(
                login,
                studies,
                labels,
                started,
                api,
                arrivals,
                new Gate(
                        callers,
                        access,
                        arrivals::tenantOf,
                        orthanc.checkVersionAdvanced(1, 12, 7),
                        web.metadataOfFiles(),
                        peers,
                        answerers,
                        nameless,
                        audit),
                new Turns(answerers, lists, pages),
                new Entrance(callers, access, new OwnMedium(access, shown), nameless, audit),
                dimse);
    }

    private static List<GroupSettings> groups(AccessSettings access) {
        List<GroupSettings> groups = new ArrayList<>();
        access.directory().ifPresent(known -> groups.addAll(known.groups()));
        access.openIdConnect().ifPresent(known -> groups.addAll(known.groups()));
        return groups;
    }

    /**
     * Whether Orthanc's own settings leave no way around Strongroom's.
     *
     * @throws StrongroomException REFUSED with what has to be changed
     */
    public static void requireApart(Configuration configuration) {
        KeptApart.require(configuration);
    }

    /**
     * Where there are several tenants, whether Orthanc's own folder holds nothing: nobody could tell whose it is.
     *
     * @throws StrongroomException REFUSED if it holds a file of an image
     */
    public static void requireNothingClear(Settings settings, Path clearFiles) throws IOException {
        if (settings.keepsTenantsApart()) {
            KeptApart.requireNothingClear(clearFiles);
        }
    }

    /** All tenants by name, quarantine among them where access is controlled. */
    public static Set<String> tenants(Settings settings) {
        Set<String> tenants = new LinkedHashSet<>(settings.tenants().keySet());
        if (settings.controlsAccess()) {
            tenants.add(AccessSettings.QUARANTINE);
        }
        if (settings.tenants().isEmpty()) {
            tenants.add(Settings.FIRST_TENANT);
        }
        return tenants;
    }

    /** What answers a request from inside, other plugins included; never called by what answers requests. */
    private static String asked(Orthanc orthanc, String uri, String secret) {
        HttpAnswer answer =
                orthanc.callRestApi(HttpMethod.GET, uri, Map.of(FirstAsked.HEADER, secret), new byte[0], true);
        if (answer.status() >= 500) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "nobody answers QIDO-RS now")
                    .with("status", answer.status());
        }
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** For every HTTP request. */
    public HttpFilter filter() {
        return gate::decide;
    }

    /** For every HTTP request, before {@link #filter}, where Orthanc knows that. */
    public HttpAuthentication authentication() {
        return entrance::authenticate;
    }

    /** For C-FIND and C-MOVE, where something is here that is not everybody's to know of. */
    public Optional<Dimse> dimse() {
        return dimse;
    }

    /** Name of the user who has started a job of Orthanc's; empty if nobody knows. */
    public Optional<String> starter(String job) {
        return started.starter(new Resource(Level.JOB, false, job));
    }

    /** The tenant that a user works for, if it is only one; empty if that is not known without asking anybody. */
    public Optional<String> onlyTenantOf(String user) {
        return login.onlyTenantOf(user);
    }

    /** Whose what arrives is. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** Takes what was sent into another tenant's study out of Orthanc, from now on. */
    public StrayRemoval removeStrays(StrayKeys keys) {
        return arrivals.removeStrays(orthanc, keys);
    }

    /** As {@link Assignments#carryOut}. */
    public void assign(
            AssignmentRequest order,
            Assignments assignments,
            Set<String> kept,
            Journal journal,
            Holds holds,
            AuditTap audit)
            throws IOException {
        assignments.carryOut(order, kept, studies, journal, holds, audit);
    }

    /** Why nothing is given to anybody. */
    public static StrongroomException oneTenant() {
        return StrongroomException.of(FailureKind.REFUSED, "the settings name one tenant only")
                .cure("Name several in Strongroom.Tenants, and users (docs/access.md)");
    }

    /** Whether a DICOM file that quarantine's key sealed would go into a study of another tenant, if Orthanc had it again. */
    public boolean isStray(byte[] dicom) throws IOException {
        return DicomHeader.read(ByteSource.of(dicom))
                .flatMap(DicomHeader::identity)
                .filter(study ->
                        studies.isAnothers(AccessSettings.QUARANTINE, study.patientId(), study.studyInstanceUid()))
                .isPresent();
    }

    /** What Orthanc shall ask Strongroom for; for {@link org.strongroom.plugin.bridge.PluginApplication#routes}. */
    public List<String> routes() {
        return turns.routes();
    }

    /** Answers lists, orders and the pages of the login, and asks {@code others} for the rest. */
    public RestHandler before(RestHandler others) {
        return turns.before(others);
    }

    /** Workers for those who wait for jobs as well. */
    public static BridgeLimits limits() {
        return BridgeLimits.DEFAULTS.withRestWorkers(BridgeLimits.DEFAULTS.restWorkers() + Jobs.MOST_WAITING);
    }

    /** Orthanc answers from now on. */
    public void orthancStarted() {
        labels.ifPresent(TenantLabels::begin);
    }

    @Override
    public void close() {
        labels.ifPresent(TenantLabels::close);
        login.close();
    }
}
