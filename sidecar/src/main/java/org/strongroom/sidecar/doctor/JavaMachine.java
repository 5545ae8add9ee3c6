package org.strongroom.sidecar.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.settings.Settings;

/** The Java that will run, and the one that runs now. */
final class JavaMachine {
    private static final int OLDEST = 17;

    private JavaMachine() {}

    static List<Finding> examine(Settings settings, Runtime.Version version) {
        List<Finding> findings = new ArrayList<>();
        if (version.feature() < OLDEST) {
            findings.add(Finding.serious(
                    "this Java is version " + version.feature(),
                    "Strongroom does not start with it",
                    "install Java " + OLDEST + " or newer"));
        }
        settings.java().library().ifPresent(library -> missing("Java.Library", library, findings));
        settings.sidecar()
                .javaHome()
                .ifPresent(
                        home -> missing("Sidecar.JavaHome", home.resolve("bin").resolve("java"), findings));
        return findings;
    }

    private static void missing(String setting, Path file, List<Finding> findings) {
        if (!Files.isReadable(file)) {
            findings.add(Finding.serious(
                    setting + ": " + file + " is not there",
                    "Orthanc or the sidecar does not start",
                    "correct the path, or remove the setting to use the system's Java"));
        }
    }
}
