package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** The sidecar process. Immutable. */
public record SidecarSettings(
        @Setting(text = "Orthanc starts and watches the sidecar. Off where systemd or Docker does.", byDefault = "true")
                boolean autostart,
        @Setting(text = "Its Java heap.", byDefault = "128 MB") ByteSize heap,
        @Setting(
                        text = "Java for the sidecar (the folder that holds bin/java).",
                        otherwise = "JAVA_HOME, else the system's Java")
                Optional<Path> javaHome) {}
