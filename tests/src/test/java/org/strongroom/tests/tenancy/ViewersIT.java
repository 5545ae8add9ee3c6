package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Chromium;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Project;

/**
 * Viewers that others make, in Chromium with a login of north's: dicomweb-client, by which OHIF asks, finds north's studies and stores one,
 * and dwv draws them, also those that are in the tier only. Of south's studies neither gets anything.
 */
class ViewersIT {
    private static final String PAGE = "page.html";
    private static final String NEW = TwoClinicsPacs.NORTH + ".9";
    private static final List<String> STUDIES =
            List.of(TwoClinicsPacs.NORTH + ".0", TwoClinicsPacs.NORTH + ".1", TwoClinicsPacs.NORTH + ".2");

    @ParameterizedTest
    @EnumSource(
            value = Debian.class,
            names = {"BOOKWORM", "TRIXIE"})
    void aReadersViewersShowTheirClinicsStudiesAndNothingElse(Debian debian) throws IOException {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian)) {
            Path folder = Files.createDirectory(pacs.folder("viewers"));
            Files.copy(Project.root().resolve("tests/viewers").resolve(PAGE), folder.resolve(PAGE));
            Files.createSymbolicLink(folder.resolve("modules"), modules());
            Files.write(folder.resolve("new.dcm"), TwoClinicsPacs.image("ONE-NORTH", "ONE^NORTHERN", NEW, NEW + ".1"));
            pacs.serve("/viewers", folder);
            pacs.start();
            String page = pacs.address() + "/viewers/" + PAGE;
            try (Chromium chromium = new Chromium(pacs.folder("chromium"))) {
                logIn(pacs, chromium);
                open(chromium, page);
                lists(chromium, STUDIES);
                shows(chromium, page);
                open(chromium, page); // what the last viewer still reads, it reads no more
                await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                    pacs.makeCold();
                    assertThat(pacs.wholeImages()).isZero();
                });
                shows(chromium, page);
                assertThat(pacs.wholeImages()).as("brought back").isPositive();
                showsNothingOfSouths(chromium, page);

                open(chromium, page);
                chromium.run("store('new.dcm')");
                lists(chromium, Stream.concat(STUDIES.stream(), Stream.of(NEW)).toList());
            }
        }
    }

    private static Path modules() {
        return Path.of(Command.of(Project.root().resolve("tests/viewers.sh"), "install")
                .within(Duration.ofMinutes(12))
                .run()
                .orFail()
                .output()
                .strip());
    }

    private static void logIn(TwoClinicsPacs pacs, Chromium chromium) {
        chromium.open(pacs.address() + "/strongroom/login");
        chromium.type("user", "north-rad");
        chromium.type("password", TwoClinicsPacs.PASSWORD);
        chromium.click("button");
        chromium.until("!location.pathname.startsWith('/strongroom/')");
    }

    private static void open(Chromium chromium, String page) {
        chromium.open(page);
        chromium.until("typeof window.studies === 'function'");
    }

    private static void lists(Chromium chromium, List<String> studies) {
        chromium.until("studies().then(all => all.join() === '" + String.join(",", studies) + "')");
    }

    private static void shows(Chromium chromium, String page) {
        for (String study : STUDIES) {
            open(chromium, page);
            assertThat(chromium.run("show('" + study + "')").asText()).as(study).isEqualTo("loaded");
            chromium.until(Chromium.DRAWN);
            assertThat(chromium.run("performance.getEntriesByType('resource')"
                                    + ".filter(each => each.responseStatus !== 200).map(each => each.name).join()")
                            .asText())
                    .as("what was not answered")
                    .isEmpty();
        }
    }

    private static void showsNothingOfSouths(Chromium chromium, String page) {
        String study = TwoClinicsPacs.SOUTH + ".1";
        open(chromium, page);
        assertThat(chromium.run("ask('" + study + "')").asInt()).isEqualTo(403);
        String series = "/dicom-web/studies/" + study + "/series/" + study + ".1";
        assertThat(chromium.run("draw([location.origin + '" + series + "'])").asText())
                .startsWith("error");
        assertThat(chromium.run(Chromium.DRAWN).asBoolean()).isFalse();
    }
}
