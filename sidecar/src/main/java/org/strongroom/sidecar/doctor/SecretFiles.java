package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.core.settings.ProxySettings;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.core.settings.Settings;

/** Home and the files that hold secrets: there, and not open to others. */
final class SecretFiles {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private SecretFiles() {}

    static List<Finding> examine(Settings settings) {
        List<Finding> findings = new ArrayList<>();
        settings.rootKey().secretFile().ifPresent(file -> lookAtKey(file, settings.home(), findings));
        look(
                settings.home(),
                "Strongroom.Home",
                "others on this machine can read or change sealed files, wrapped keys and the journal",
                "chmod 0700 " + settings.home(),
                findings);
        settings.tiers().forEach((name, tier) -> tier.s3()
                .flatMap(S3Settings::credentialsFile)
                .or(() -> tier.azure().map(AzureSettings::keyFile))
                .ifPresent(file -> look(
                        file,
                        "the credentials of tier " + name,
                        "who reads it can use, and perhaps delete, what is in the tier",
                        "chmod 0400 " + file + " and let it belong to the sidecar's user",
                        findings)));
        settings.tiers().forEach((name, tier) -> tier.s3()
                .flatMap(S3Settings::deleterCredentialsFile)
                .or(() -> tier.azure().flatMap(AzureSettings::deleterKeyFile))
                .ifPresent(file -> look(
                        file,
                        "the deleter's credentials of tier " + name,
                        "who reads it can delete what is in the tier",
                        "chmod 0400 " + file + " and let it belong to the sidecar's user",
                        findings)));
        settings.tiers().forEach((name, tier) -> tier.s3()
                .flatMap(S3Settings::auditCredentialsFile)
                .ifPresent(file -> look(
                        file,
                        "the credentials of tier " + name + " for the audit log",
                        "who reads it can write, and perhaps delete, what proves what was done",
                        "chmod 0400 " + file + " and let it belong to the sidecar's user",
                        findings)));
        settings.tiers().forEach((name, tier) -> tier.s3()
                .flatMap(S3Settings::proxy)
                .or(() -> tier.azure().flatMap(AzureSettings::proxy))
                .flatMap(ProxySettings::credentialsFile)
                .ifPresent(file -> look(
                        file,
                        "the proxy's credentials of tier " + name,
                        "who reads it can use the clinic's proxy",
                        "chmod 0400 " + file + " and let it belong to the sidecar's user",
                        findings)));
        return findings;
    }

    private static void lookAtKey(Path file, Path home, List<Finding> findings) {
        look(
                file,
                "the root key's file",
                "who reads it can open every study",
                "chmod 0400 " + file + " and let it belong to Orthanc's user",
                findings);
        if (file.startsWith(home)) {
            findings.add(Finding.serious(
                    "the root key's file is inside Home",
                    "a stolen disk holds the sealed studies and the key that opens them",
                    "keep it on another disk, and a copy in a safe"));
        }
    }

    private static void look(Path file, String name, String risk, String cure, List<Finding> findings) {
        Set<PosixFilePermission> open;
        try {
            open = EnumSet.copyOf(OTHERS);
            open.retainAll(Files.getPosixFilePermissions(file));
        } catch (NoSuchFileException e) {
            findings.add(Finding.serious(
                    name + " (" + file + ") does not exist",
                    "Orthanc does not start",
                    "create it, or correct its path"));
            return;
        } catch (IOException | UnsupportedOperationException e) {
            findings.add(Finding.warning(
                    name + " (" + file + ") could not be examined",
                    "nobody knows who can read it",
                    "run the doctor as root or as Orthanc's user, on a file system with Unix permissions"));
            return;
        }
        if (!open.isEmpty()) {
            findings.add(Finding.serious(name + " (" + file + ") is open to others", risk, cure));
        }
    }
}
