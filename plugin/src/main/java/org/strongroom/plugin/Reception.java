package org.strongroom.plugin;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import org.strongroom.core.audit.EventTenants;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.bridge.JobEnds;
import org.strongroom.plugin.bridge.Orthanc;
import org.strongroom.plugin.gate.AccessControl;
import org.strongroom.plugin.gate.Dimse;
import org.strongroom.plugin.hold.Enforcement;
import org.strongroom.plugin.hold.Restrictions;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.watch.OwnJobs;
import org.strongroom.plugin.watch.Watch;

/** Where whoever comes in is met: let through or not, if somebody here has a say in that, and written down. */
record Reception(Optional<AccessControl> access, Optional<Dimse> dimse, Watch watch) {

    static Reception open(Orthanc orthanc, Configuration configuration, KeyRoom keys, Clock clock, OpenRooms rooms)
            throws IOException {
        OwnJobs own = new OwnJobs(RunningTime.system());
        Restrictions restrictions = keys.holds().restrictions();
        if (restrictions.any()) {
            Enforcement.require(configuration);
        }
        keys.holds().restrictOnlyIf(() -> Enforcement.require(configuration));
        Optional<AccessControl> access = Optional.empty();
        if (configuration.settings().controlsAccess()) {
            access = Optional.of(rooms.opened(AccessControl.open(
                    configuration,
                    keys.home(),
                    keys.keyring(),
                    keys.wereSeveral(configuration.settings()),
                    orthanc,
                    restrictions,
                    own,
                    keys.audit()::record,
                    clock)));
        }
        access.ifPresent(control -> keys.audit()
                .complete(new EventTenants(
                        keys.keyring().tenantNames(), keys.keyring().owners()::nameOf, control::onlyTenantOf)));
        Optional<Dimse> dimse = access.flatMap(AccessControl::dimse);
        if (dimse.isEmpty() && configuration.settings().recordsStations()) {
            dimse = Optional.of(Dimse.ofOne(
                    new Dimse.Room(
                            configuration,
                            OrthancApi.of(orthanc),
                            keys.keyring(),
                            orthanc::createDicom,
                            own,
                            keys.audit()::record),
                    orthanc.getConfiguration(),
                    restrictions));
        }
        Watch watch = rooms.opened(Watch.begin(
                configuration,
                orthanc.getConfiguration(),
                OrthancApi.of(orthanc),
                keys.keyring(),
                keys.audit(),
                access.map(AccessControl::filter),
                access.map(control -> control::starter),
                own,
                dimse.isPresent(),
                keys.home().openJobs(),
                clock));
        return new Reception(access, dimse, watch);
    }

    /** Told of Orthanc's jobs, and that it answers. */
    JobEnds jobEnds() {
        JobEnds jobs = watch.jobEnds();
        return access.<JobEnds>map(control -> new JobEnds() {
                    @Override
                    public void begun(String job) {
                        jobs.begun(job);
                    }

                    @Override
                    public void ended(String job, boolean well) {
                        jobs.ended(job, well);
                    }

                    @Override
                    public void orthancStarted() {
                        control.orthancStarted();
                    }
                })
                .orElse(jobs);
    }
}
