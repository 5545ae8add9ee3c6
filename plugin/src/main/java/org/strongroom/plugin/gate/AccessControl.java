package org.strongroom.plugin.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.control.AssignmentRequest;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.assign.Assignments;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.BridgeLimits;
import org.strongroom.plugin.bridge.HttpAuthentication;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.Login;
import org.strongroom.plugin.tenancy.Arrivals;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Started;
import org.strongroom.plugin.tenancy.StrayKeys;
import org.strongroom.plugin.tenancy.StrayRemoval;
import org.strongroom.plugin.tenancy.StudyTenants;
import org.strongroom.plugin.tenancy.TenantLabels;
import org.strongroom.plugin.watch.OwnJobs;

/** All that is in force only where there are tenants, users or roles. Thread-safe. */
public final class AccessControl implements AutoCloseable {
    private final Login login;
    private final StudyTenants studies;
    private final Optional<TenantLabels> labels;
    private final Started started;
    private final OrthancApi orthanc;
    private final Arrivals arrivals;
    private final Gate gate;
    private final Turns turns;
    private final HttpAuthentication entrance;
    private final Optional<Dimse> dimse;

    AccessControl(
            Login login,
            StudyTenants studies,
            Optional<TenantLabels> labels,
            Started started,
            OrthancApi orthanc,
            Arrivals arrivals,
            Gate gate,
            Turns turns,
            HttpAuthentication entrance,
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
        return new AccessOpening(configuration, home, keyring, orthanc, audit, clock)
                .open(wereSeveral, restrictions, own);
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

    /** For every HTTP request. */
    public HttpFilter filter() {
        return gate::decide;
    }

    /** For every HTTP request, before {@link #filter}, where Orthanc knows that. */
    public HttpAuthentication authentication() {
        return entrance;
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
