package org.strongroom.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The product's classes, without tests. */
final class Rooms {
    static final String CORE = "org.strongroom.core..";
    static final String PLUGIN = "org.strongroom.plugin..";
    static final String SIDECAR = "org.strongroom.sidecar..";

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.strongroom.core", "org.strongroom.plugin", "org.strongroom.sidecar");

    private Rooms() {}
}
