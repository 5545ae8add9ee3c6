package org.strongroom.plugin.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.audit.SteadyAudit;
import org.strongroom.plugin.audit.Viewings;
import org.strongroom.plugin.bridge.AuditLogs;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.JobEnds;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sender;

/** Watches one Orthanc, from its start to its end. Thread-safe. */
public final class Watch implements AutoCloseable {
    private final SteadyAudit audit;
    private final Viewings viewings;
    private final LookUps lookUps;
    private final LiveSettings settings;
    private final HttpFilter filter;
    private final JobWatch jobs;
    private final PluginsLog plugins;

    private Watch(
            SteadyAudit audit,
            Viewings viewings,
            LookUps lookUps,
            LiveSettings settings,
            HttpFilter filter,
            JobWatch jobs,
            PluginsLog plugins) {
        this.audit = audit;
        this.viewings = viewings;
        this.lookUps = lookUps;
        this.settings = settings;
        this.filter = filter;
        this.jobs = jobs;
        this.plugins = plugins;
    }

    /**
     * Begins to watch.
     *
     * @param json Orthanc's whole configuration
     * @param orthanc asked later only, when it answers
     * @param access decides who is let through; empty if Orthanc alone does
     * @param starters name of the user who has started a job; empty where there are no users
     * @param own jobs that are recorded by whoever starts them
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
            Path openJobs,
            InstantSource clock)
            throws IOException {
        SteadyAudit audit = new SteadyAudit(tap::write, tap::sync, clock);
        Viewings viewings = new Viewings(audit, clock, RunningTime.system());
        RouteTable routes =
                RouteTable.of(roots(json), configuration.settings().access().routes());
        HttpFilter filter = access.orElse(new Visitors(configuration.orthanc().authenticates()));
        Parentage parentage = new Parentage(orthanc);
        Watched watched = new Watched(parentage, keyring::knownStudyKey);
        LookUps lookUps = new LookUps(watched::knownKeysOf, watched::keysOf, RunningTime.system());
        LiveSettings settings = new LiveSettings(parentage::get, audit::record);
        HttpFilter watching = new HttpWatch(filter, routes, lookUps, viewings, audit::record, settings::expectChange);
        JobWatch jobs =
                new JobWatch(parentage::get, watched::keysOf, starters, own, audit::record, OpenJobs.open(openJobs));
        return new Watch(audit, viewings, lookUps, settings, watching, jobs, new PluginsLog(lookUps, audit::record));
    }

    /** Roots that cannot be told from Orthanc's own routes are refused where there are users; here they are looked at as if they were these. */
    private static DicomWebRoots roots(String json) throws IOException {
        try {
            return DicomWebRoots.of(json);
        } catch (StrongroomException e) {
            return DicomWebRoots.DEFAULTS;
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
        String address = Sender.parse(token).map(Sender::address).orElse("");
        viewings.read(Sender.asker(token), address, key, image, bytes);
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
