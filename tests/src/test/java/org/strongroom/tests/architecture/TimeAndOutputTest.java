package org.strongroom.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Time is injected, so that tests can turn it; words for people come from the command line only. */
class TimeAndOutputTest {

    @Test
    void nobodyReadsTheClockOrSleepsBesideTheInjectedTime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.strongroom.core.time..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", long.class)
                .orShould()
                .callMethodWhere(target(owner(resideInAPackage("java.time"))).and(target(nameMatching("now"))))
                .check(Rooms.CLASSES);
    }

    /** Some languages have digits of their own: a name or a number that a machine reads must not follow the machine's language. */
    @Test
    void nobodyWritesNumbersInTheMachinesLanguage() {
        noClasses()
                .should()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .check(Rooms.CLASSES);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.strongroom.sidecar.cli..", "org.strongroom.plugin.offline..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(Rooms.CLASSES);
    }
}
