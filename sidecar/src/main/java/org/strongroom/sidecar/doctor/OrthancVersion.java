package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Orthanc that is installed here, and what its version cannot promise. */
final class OrthancVersion {
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/sbin/Orthanc"), Path.of("/usr/local/sbin/Orthanc"), Path.of("/usr/bin/Orthanc"));
    private static final Pattern FIRST_LINE =
            Pattern.compile("Orthanc ([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})(?![0-9])");

    private OrthancVersion() {}

    /** What {@code Orthanc --version} says first; empty if there is none or it does not say. */
    static Optional<String> installed() {
        return PLACES.stream().filter(Files::isExecutable).findFirst().flatMap(OrthancVersion::ask);
    }

    private static Optional<String> ask(Path binary) {
        try {
            Process process = new ProcessBuilder(binary.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8);
            return said.lines().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static List<Finding> examine(Optional<String> firstLine) {
        Matcher version = FIRST_LINE.matcher(firstLine.orElse(""));
        if (!version.lookingAt()) {
            return List.of();
        }
        int number = Integer.parseInt(version.group(1)) * 1_000_000
                + Integer.parseInt(version.group(2)) * 1_000
                + Integer.parseInt(version.group(3));
        if (number >= 1_012_004) {
            return List.of();
        }
        return List.of(Finding.warning(
                version.group() + " is older than 1.12.4",
                "when its database fails it may tell a modality that an image is stored which is not",
                "update Orthanc; until then keep images on the modality until they were seen here"));
    }
}
