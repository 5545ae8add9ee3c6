package org.strongroom.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code Files.getFileStore} fails where the mount of a path is not to be seen, as in a chroot: no image may depend on it. */
class DiskRoomTest {

    @Test
    void onlyWhoNamesAFileSystemLooksForItsMount() {
        noClasses()
                .that()
                .haveNameNotMatching("org\\.strongroom\\.sidecar\\.(doctor\\.Disks|tier\\.FileFailures)")
                .should()
                .callMethod(Files.class, "getFileStore", Path.class)
                .check(Rooms.CLASSES);
    }
}
