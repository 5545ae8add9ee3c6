package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.tier.Abilities;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.TierFactory;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** Writes, reads and deletes one small object in every tier, with the credentials that this user has. */
final class TierTrial {
    private static final Duration SKEW = Duration.ofMinutes(2);
    private static final RetryPolicy ONCE = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

    private TierTrial() {}

    static List<Finding> examine(Settings settings, InstantSource clock) {
        List<Finding> findings = new ArrayList<>();
        TierFactory factory = new TierFactory(clock, Sleeper.SYSTEM, new SecureRandom(), ONCE, uplink(settings, clock));
        settings.tiers().forEach((name, tier) -> {
            Optional<Path> missing = tier.directory().filter(folder -> !Files.isDirectory(folder));
            if (missing.isPresent()) {
                findings.add(Finding.serious(
                        "the folder of tier " + name + " (" + missing.get() + ") does not exist",
                        "nothing is shipped there, so nothing is evicted",
                        "mount it, or correct its path"));
                return;
            }
            try (OpenedTier opened = factory.open(name, tier)) {
                write(opened.tier(), findings);
            } catch (StrongroomException e) {
                findings.add(Finding.serious(
                        "tier " + name + " cannot be used: " + e.text(),
                        "nothing is shipped there, so nothing is evicted",
                        e.cure().isEmpty() ? "see docs/operations.md, Tiers" : e.cure()));
            }
            tier.s3()
                    .flatMap(S3Settings::lock)
                    .filter(lock -> lock.mode().equals("compliance"))
                    .ifPresent(lock -> findings.add(Finding.warning(
                            "tier " + name + " locks in compliance mode",
                            "nobody can delete anything there before its lock ends, whatever the reason",
                            "if that is not meant, set Lock.Mode to governance: it holds for new objects")));
            clock(name, tier, clock, findings);
        });
        return findings;
    }

    /** The sidecar's is another process's: a few hundred bytes keep to the limit, and pass where it is off, because a person waits. */
    private static Uplink uplink(Settings settings, InstantSource clock) {
        Timetable timetable = new Timetable(settings.uplink(), ZoneId.systemDefault());
        return new Uplink(timetable, clock, RunningTime.system(), Sleeper.SYSTEM);
    }

    private static void write(Tier tier, List<Finding> findings) {
        String name = "doctor/" + UUID.randomUUID();
        byte[] content = name.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        tier.put(name, content);
        try (InputStream in = tier.get(name, 0, content.length)) {
            if (!Arrays.equals(in.readNBytes(content.length), content)) {
                findings.add(Finding.serious(
                        "tier " + tier.name() + " gives other bytes than it was sent",
                        "what is shipped there cannot be fetched",
                        "find out what is between this machine and the store"));
            }
        } catch (IOException e) {
            findings.add(Finding.serious(
                    "what was written to tier " + tier.name() + " cannot be read",
                    "what is shipped there cannot be fetched",
                    "look at the line and the store"));
        }
        Abilities abilities = tier.examine(Optional.of(name));
        abilities
                .missing()
                .forEach(missing -> findings.add(Finding.serious(
                        "tier " + tier.name() + ": " + missing.text(),
                        "the tier cannot keep what its settings promise",
                        missing.cure())));
        if (!abilities.absent().isEmpty()) {
            findings.add(Finding.warning(
                    "tier " + tier.name() + " is a store that gives less than some: "
                            + new Abilities(abilities.absent(), List.of()),
                    "without versions or a lock whoever has its credentials can delete or overwrite what is there for"
                            + " good; without conditional put a second machine that uses it by mistake overwrites"
                            + " unnoticed; without part digests every pack is read back once, which the store may charge"
                            + " for",
                    "keep a copy in another tier as well, or use a bucket with object lock (docs/operations.md, A"
                            + " locked bucket)"));
        }
        try {
            tier.delete(name);
        } catch (StrongroomException e) {
            findings.add(Finding.warning(
                    "tier " + tier.name() + " does not let " + name + " be deleted: " + e.text(),
                    "what Orthanc deletes stays there for ever",
                    "if that is not meant, allow deleting; delete this object by hand"));
        }
    }

    /** A file server with another time makes everybody believe in wrong ages. */
    private static void clock(String name, TierSettings tier, InstantSource clock, List<Finding> findings) {
        if (tier.directory().filter(Files::isWritable).isEmpty()) {
            return;
        }
        try {
            Path file = Files.createTempFile(tier.directory().get(), ".doctor-", ".tmp");
            try {
                Duration difference =
                        Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
                if (difference.abs().compareTo(SKEW) > 0) {
                    findings.add(Finding.warning(
                            "the clocks of this machine and of tier " + name + " differ by " + difference.toSeconds()
                                    + " s",
                            "ages of files are wrong on one of them",
                            "keep both set (chrony or systemd-timesyncd)"));
                }
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            findings.add(Finding.warning(
                    "tier " + name + " takes no temporary file",
                    "uploads will fail",
                    "give the sidecar's user permission to write there"));
        }
    }
}
