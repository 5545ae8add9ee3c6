package org.strongroom.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** plugin → core ← sidecar, and no circles between packages. */
class ArrowsTest {

    @Test
    void everyRoomIsLookedAt() {
        for (String room : new String[] {"core", "plugin", "sidecar"}) {
            assertThat(Rooms.CLASSES)
                    .anyMatch(type -> type.getPackageName().startsWith("org.strongroom." + room + "."));
        }
    }

    @Test
    void coreKnowsNeitherSide() {
        noClasses()
                .that()
                .resideInAPackage(Rooms.CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Rooms.PLUGIN, Rooms.SIDECAR)
                .check(Rooms.CLASSES);
    }

    @Test
    void theSidesDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage(Rooms.PLUGIN)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(Rooms.SIDECAR)
                .check(Rooms.CLASSES);
        noClasses()
                .that()
                .resideInAPackage(Rooms.SIDECAR)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(Rooms.PLUGIN)
                .check(Rooms.CLASSES);
    }

    @Test
    void noPackagesGoInCircles() {
        slices().matching("org.strongroom.(*).(*)..").should().beFreeOfCycles().check(Rooms.CLASSES);
    }

    /** As those of the commands ({@code plugin.offline}) and of the login: each is one that can be read alone. */
    @Test
    void noRoomsInsideOfARoomGoInCircles() {
        slices().matching("org.strongroom.(**)").should().beFreeOfCycles().check(Rooms.CLASSES);
    }
}
