package org.strongroom.sidecar;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.settings.AlertSettings;
import org.strongroom.core.settings.CacheSettings;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.ForwardSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.settings.WitnessSettings;
import org.strongroom.sidecar.alert.AlertCommand;
import org.strongroom.sidecar.alert.Alerts;
import org.strongroom.sidecar.alert.Webhook;
import org.strongroom.sidecar.archive.AgeRule;
import org.strongroom.sidecar.archive.ArchiveRules;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.fetch.FetchRules;
import org.strongroom.sidecar.pack.PackRules;
import org.strongroom.sidecar.purge.ForgetRules;
import org.strongroom.sidecar.scrub.ScrubRules;
import org.strongroom.sidecar.snapshot.SnapshotRules;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * What the settings say to each room.
 *
 * @param archive by tiers' names, of those that archive
 * @param byAge by tiers' names, the classes that their packs go to, the youngest age first
 * @param forward who gets every event of the audit log
 * @param witnesses who signs elsewhere that it only grew
 * @param mirror the second spool
 * @param reserve of the disk, that is not for images
 * @param alerts who is told of problems
 */
record Rules(
        PackRules pack,
        CacheRules cache,
        FetchRules fetch,
        ForgetRules forget,
        ScrubRules scrub,
        AuditRules audit,
        SnapshotRules snapshots,
        Map<String, ForwardSettings> forward,
        Map<String, WitnessSettings> witnesses,
        Map<String, ArchiveRules> archive,
        Map<String, List<AgeRule>> byAge,
        Optional<Path> mirror,
        Watermark reserve,
        Duration proveKit,
        Optional<Duration> drillEvery,
        List<Alerts.Channel> alerts) {
    private static final Duration ALERT = Duration.ofSeconds(30);

    /** @param configuration the whole one: the number of readers follows Orthanc's number of HTTP threads */
    static Rules of(Configuration configuration, Uplink uplink) {
        Settings settings = configuration.settings();
        CacheSettings cache = settings.cache();
        return new Rules(
                new PackRules(settings.pack().quiet(), settings.pack().maxSize().bytes()),
                new CacheRules(
                        cache.highWater().value(),
                        cache.lowWater().value(),
                        cache.highWater().percent(),
                        settings.keepHeads()),
                new FetchRules(
                        settings.read().deadline(),
                        settings.read().coldRequests(configuration.orthanc().httpThreadsCount()),
                        settings.read().readAhead()),
                new ForgetRules(settings.forget().grace(), settings.forget().dailyLimit()),
                new ScrubRules(
                        settings.scrub().enabled(),
                        settings.scrub().period(),
                        settings.scrub().dailyLimit().bytes()),
                new AuditRules(
                        settings.audit().checkpointEvents(),
                        settings.audit().checkpointInterval(),
                        settings.audit().anchorInterval(),
                        settings.audit().anchorAlarm(),
                        settings.audit().keep()),
                new SnapshotRules(
                        settings.snapshots().every(), settings.snapshots().keep()),
                settings.audit().forward(),
                settings.audit().witnesses(),
                archive(settings),
                byAge(settings),
                settings.spoolMirror(),
                cache.reserve(),
                settings.recoveryKit().proveEvery(),
                settings.recoveryKit().drillEvery(),
                alerts(settings.alerts(), uplink));
    }

    private static Map<String, ArchiveRules> archive(Settings settings) {
        Map<String, ArchiveRules> rules = new HashMap<>();
        settings.tiers().forEach((name, tier) -> tier.archive()
                .ifPresent(archive -> rules.put(name, ArchiveRules.of(archive))));
        return rules;
    }

    private static Map<String, List<AgeRule>> byAge(Settings settings) {
        Map<String, List<AgeRule>> rules = new HashMap<>();
        settings.tiers().forEach((name, tier) -> rules.put(name, AgeRule.of(tier)));
        return rules;
    }

    private static List<Alerts.Channel> alerts(AlertSettings settings, Uplink uplink) {
        List<Alerts.Channel> channels = new ArrayList<>();
        settings.command().ifPresent(program -> channels.add(new AlertCommand(program, ALERT)));
        settings.webhook().ifPresent(address -> channels.add(new Webhook(address, ALERT, uplink)));
        return channels;
    }
}
