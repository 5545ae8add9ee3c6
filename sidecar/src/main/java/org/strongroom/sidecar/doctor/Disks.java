package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TierSettings;

/** Which file systems Home, its mirror and directory tiers are on. */
final class Disks {
    private static final int LITTLE_ROOM_PERCENT = 10;

    private Disks() {}

    static List<Finding> examine(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        home(settings.home(), findings);
        settings.spoolMirror().ifPresent(mirror -> {
            if (sameDisk(settings.home(), mirror)) {
                findings.add(Finding.serious(
                        "SpoolMirror is on the same file system as Home",
                        "one broken disk loses both copies of what is not shipped yet",
                        "put it on a second disk"));
            }
        });
        if (settings.tiers().isEmpty()) {
            findings.add(Finding.serious(
                    "Tiers is empty",
                    "this machine holds the only copy of every study",
                    "configure a tier on another machine"));
        }
        settings.tiers().forEach((name, tier) -> tier.directory()
                .ifPresent(directory -> directory(settings.home(), name, tier, directory, findings)));
        return findings;
    }

    private static void home(Path home, List<Finding> findings) {
        try {
            String type = Files.getFileStore(home).type();
            if (type.equals("tmpfs") || type.equals("ramfs")) {
                findings.add(Finding.serious(
                        "Strongroom.Home is in memory (" + type + ")",
                        "every study that is not shipped is gone after a restart",
                        "put Home on a disk"));
            } else if (type.startsWith("nfs") || type.startsWith("cifs") || type.startsWith("smb")) {
                findings.add(Finding.serious(
                        "Strongroom.Home is on a network file system (" + type + ")",
                        "locks and the ledger do not work reliably there, and fsync may promise too much",
                        "put Home on a local disk; a network file system can be a tier"));
            }
            DiskSpace disk = DiskSpace.of(home);
            if (disk.usable() < disk.total() / 100 * LITTLE_ROOM_PERCENT) {
                findings.add(Finding.warning(
                        "less than " + LITTLE_ROOM_PERCENT + " % of Home's disk is free",
                        "when it is full, images are refused",
                        "make room, or lower Cache.HighWater"));
            }
        } catch (IOException e) {
            findings.add(Finding.warning(
                    "Home's file system cannot be examined",
                    "nobody knows whether it keeps its promises",
                    "run the doctor as root or as Orthanc's user, after the first start"));
        }
    }

    private static void directory(Path home, String name, TierSettings tier, Path directory, List<Finding> findings) {
        if (sameDisk(home, directory)) {
            String what = "tier " + name + " is on the same file system as Home";
            String risk = "a copy on the same disk is lost with it";
            String cure = "mount another disk or machine there";
            findings.add(
                    tier.allowSameDisk()
                            ? Finding.warning(what + " (AllowSameDisk)", risk, cure)
                            : Finding.serious(what, risk + "; it gives no receipts, so nothing is evicted", cure));
        }
    }

    /** The device number: two file stores differ for two mounts of one device. */
    private static boolean sameDisk(Path one, Path other) {
        Optional<Object> device = device(one);
        return device.isPresent() && device.equals(device(other));
    }

    private static Optional<Object> device(Path path) {
        try {
            return Optional.of(Files.getAttribute(path, "unix:dev"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
