package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;

/** The Java machine inside Orthanc. Immutable. */
public record JavaSettings(
        @Setting(text = "The file libjvm.so.", otherwise = "JAVA_HOME, else the system's Java") Optional<Path> library,
        @Setting(text = "Its Java heap: whole MB or GB, 128 MB to 64 GB.", byDefault = "160 MB") HeapSize heap) {}
