package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.audit.SteadyAudit;
import org.strongroom.plugin.audit.Viewing;
import org.strongroom.plugin.audit.Viewings;
import org.strongroom.plugin.bridge.AuditLogs;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.JobEnds;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.request.BehindProxies;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sender;

/** Watches one Orthanc, from its start to its end. Thread-safe. */
public final class Watch implements AutoCloseable {
    private static final Path CONNECTIONS = Path.of("/proc/self/net");

    private final SteadyAudit audit;
    private final Viewings viewings;
    private final LookUps lookUps;
    private final LiveSettings settings;
    private final HttpFilter filter;
    private final JobWatch jobs;
    private final PluginsLog plugins;
    private final Unasked unasked;
    private final NamedFailures failures = new NamedFailures(RunningTime.system());

    private Watch(
            SteadyAudit audit,
            Viewings viewings,
            LookUps lookUps,
            LiveSettings settings,
            HttpFilter filter,
            JobWatch jobs,
            PluginsLog plugins,
            Unasked unasked) {
        this.audit = audit;
        this.viewings = viewings;
        this.lookUps = lookUps;
        this.settings = settings;
        this.filter = filter;
        this.jobs = jobs;
        this.plugins = plugins;
        this.unasked = unasked;
    }

    /**
     * Begins to watch.
     *
     * @param json Orthanc's whole configuration
     * @param orthanc asked later only, when it answers
     * @param access decides who is let through; empty if Orthanc alone does
     * @param starters name of the user who has started a job; empty where there are no users
     * @param own jobs that are recorded by whoever starts them
     * @param stations whether Strongroom answers what stations find and have sent to others
     * @param openJobs file for jobs that have no end yet
     */
    public static Watch begin(
            Configuration configuration,
            String json,
            OrthancApi orthanc,
            Keyring keyring,
            AuditTap tap,
            Optional<HttpFilter> access,
            Optional<Function<String, Optional<String>>> starters,
            OwnJobs own,
            boolean stations,
            Path openJobs,
            InstantSource clock)
            throws IOException {
        SteadyAudit audit = new SteadyAudit(tap::write, tap::sync, clock);
        Viewings viewings = new Viewings(audit, clock, RunningTime.system());
        DicomWebRoots roots = roots(json);
        RouteTable routes =
                RouteTable.of(roots, configuration.settings().access().routes());
        HttpFilter filter = access.orElse(new Visitors(configuration.orthanc().authenticates()));
        Parentage parentage = new Parentage(orthanc);
        Watched watched = new Watched(parentage, keyring::knownStudyKey);
        LookUps lookUps = new LookUps(watched::knownKeysOf, watched::keysOf, RunningTime.system());
        String webServers = roots.root() + "/servers?expand";
        LiveSettings settings = new LiveSettings(
                path -> path.equals(webServers) ? json(orthanc.getOfPlugin(path)) : parentage.get(path),
                webServers,
                audit::record);
        JobWatch jobs = new JobWatch(
                parentage::get,
                watched::keysOf,
                starters,
                own,
                audit::record,
                OpenJobs.open(openJobs),
                JobWatch.UNTIL_TOLD);
        HttpFilter watching = new BehindProxies(
                        configuration.settings().access().login().proxies())
                .filter(new HttpWatch(
                        filter, routes, lookUps, viewings, audit::record, settings::expectChange, jobs::expect));
        DicomPeers peers = new DicomPeers(CONNECTIONS, configuration.orthanc().dicomPort(), RunningTime.system());
        Unasked unasked = new Unasked(
                jobs::runningAbout,
                peers::connected,
                () -> stations ? own.isSending() ? "C-GET or C-MOVE" : "C-GET" : "C-FIND, C-GET or C-MOVE");
        PluginsLog plugins = new PluginsLog(lookUps, audit::record);
        return new Watch(audit, viewings, lookUps, settings, watching, jobs, plugins, unasked);
    }

    /** Roots that cannot be told from Orthanc's own routes are refused where there are users; here they are looked at as if they were these. */
    private static DicomWebRoots roots(String json) throws IOException {
        try {
            return DicomWebRoots.of(json);
        } catch (StrongroomException e) {
            return DicomWebRoots.DEFAULTS;
        }
    }

    /** @throws StrongroomException UNAVAILABLE if it is none */
    private static JsonNode json(byte[] answer) {
        try {
            return new ObjectMapper().readTree(answer);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a plugin's answer cannot be understood")
                    .causedBy(e);
        }
    }

    /** For every HTTP request. */
    public HttpFilter filter() {
        return filter;
    }

    /** For every job of Orthanc's. */
    public JobEnds jobEnds() {
        return jobs;
    }

    /** For what other plugins tell. */
    public AuditLogs auditLogs() {
        return plugins;
    }

    /**
     * Orthanc reads something of a study; recorded before this returns.
     *
     * @param image which one; empty if it is not one that is read
     * @param token of the request that it is read for; empty if it is read for none
     */
    public void read(UUID key, Optional<UUID> image, long bytes, String token) {
        if (token.isEmpty()) {
            viewings.read(unasked.reading(key), image, bytes);
            return;
        }
        String address = Sender.parse(token).map(Sender::address).orElse("");
        viewings.read(Sender.asker(token), address, key, image, bytes);
    }

    /**
     * Orthanc is told that it cannot have something of an image, and so is whoever asked for it; recorded before this returns.
     *
     * @param attachment whose study nobody may know just now: the sidecar adds it; left out where too many fail
     * @param token as {@link #read}
     */
    public void failed(UUID attachment, FailureKind why, String token) {
        Map<String, String> details = new TreeMap<>(Map.of("way", "storage", "kind", why.name()));
        if (failures.isNamed()) {
            details.put("attachment", attachment.toString());
        }
        String address = Sender.parse(token).map(Sender::address).orElse("");
        Optional<String> reason = Optional.of("it could not be read");
        viewings.read(
                new Viewing(AuditType.VIEW, Sender.asker(token), address, "", details, reason), Optional.empty(), 0);
    }

    @Override
    public void close() {
        jobs.close();
        settings.close();
        lookUps.close();
        viewings.close();
        audit.close();
    }
}
