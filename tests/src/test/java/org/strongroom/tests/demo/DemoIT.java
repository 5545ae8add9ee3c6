package org.strongroom.tests.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Sandbox;

/**
 * {@code ./strongroom demo} on this machine, in a sandbox: what it installs is gone afterwards. In order, since the second one leaves
 * an Orthanc in use.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoIT {
    /** What somebody who uses Orthanc has on the disk, and when it was last changed. */
    private static final String STATE =
            "find /etc/orthanc /var/lib/orthanc -type f -printf '%p %s %T@\\n' -exec md5sum {} ';' | sort";

    private static final String USE = "sed -i 's/8042/8043/' /etc/orthanc/orthanc.json"
            + " && mkdir -p /var/lib/orthanc/db-v6 && echo images > /var/lib/orthanc/db-v6/index";

    /** What ended and is not buried yet does not count. */
    private static final String RUNNING =
            "awk '/^Name/ {name = $2} /^State/ && $2 != \"Z\" {print name}' /proc/[0-9]*/status";

    private static final Object[] DEMO = {Project.root().resolve("strongroom"), "demo"};
    private static final String FOLDER = "/var/tmp/strongroom-demo";
    private static final String STOPPED = "The demo PACS is stopped and " + FOLDER + " deleted.";

    private static Sandbox sandbox;

    /** Debian's Orthanc, installed and not used. */
    @BeforeAll
    static void install() {
        sandbox = new Sandbox();
        sandbox.command(Project.root().resolve("tests/debian-install.sh"), "orthanc")
                .within(Duration.ofMinutes(5))
                .run()
                .orFail();
    }

    @AfterAll
    static void forget() {
        sandbox.close();
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            an Orthanc process runs                       | cp /bin/sleep /tmp/Orthanc; /tmp/Orthanc 600 >/dev/null 2>&1 & | pkill -x Orthanc; sleep 0.2
            the service orthanc starts with the machine   | update-rc.d orthanc enable                                     | update-rc.d orthanc disable
            /etc/orthanc/orthanc.json was edited or added | cd /etc/orthanc; cp -p orthanc.json /tmp; sed -i 's/8042/8043/' orthanc.json | mv /tmp/orthanc.json /etc/orthanc
            /etc/orthanc/worklists.json was edited or added | cd /etc/orthanc; cp -p worklists.json /tmp; echo >> worklists.json | mv /tmp/worklists.json /etc/orthanc
            /etc/orthanc/pacs.json was edited or added    | echo '{}' > /etc/orthanc/pacs.json                             | rm /etc/orthanc/pacs.json
            there are files in /var/lib/orthanc           | cd /var/lib/orthanc; mkdir db-v6; cd db-v6; touch $(seq -f image-%040.0f 5000) | rm -r /var/lib/orthanc/db-v6
            """)
    void refusesWhereOrthancIsInUseAndSaysWhy(String reason, String use, String undo) {
        sandbox.command("sh", "-c", use).run().orFail();
        try {
            Command.Result refused = sandbox.command(DEMO).run();
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.errors())
                    .contains("an Orthanc is configured on this machine (" + reason + ")")
                    .contains("./strongroom demo --beside");
            assertThat(sandbox.path(FOLDER)).doesNotExist();
        } finally {
            sandbox.command("sh", "-c", undo).run().orFail();
        }
    }

    @Test
    @Order(2)
    void leavesAPacsRunningBesideAnOrthancInUseAndTouchesNothingOfIt() {
        sandbox.command("sh", "-c", USE).run().orFail();
        String before = sandbox.command("sh", "-c", STATE).run().orFail().output();

        String output = demo("--beside", "--small").orFail().output();
        assertThat(output)
                .containsSubsequence(
                        "1. A PACS: Orthanc ",
                        "CT, uncompressed         24 images",
                        "CT, JPEG lossless         6 images",
                        "MR, run-length (RLE)      6 images",
                        "checked: every image is in Orthanc",
                        "36 sealed files",
                        "one of them begins   53 54 52 47 ",
                        "searched all of them for the patient's name and ids and for runs of pixels: nothing found",
                        "4. To the tier",
                        "1 pack instead of 36 objects",
                        "only the heads stay",
                        "REST ",
                        "checked: every file is, byte for byte, what it was before",
                        "DICOMweb ",
                        "checked: every file is, byte for byte, what it was before",
                        "checked: the pixels of all images are, bit for bit, those that were sent",
                        "The PACS keeps running: open http://127.0.0.1:")
                .doesNotContain("NOT SO");
        Matcher address = Pattern.compile("open http://127\\.0\\.0\\.1:(\\d+) ").matcher(output);
        assertThat(address.find()).isTrue();
        Rest rest = new Rest(Integer.parseInt(address.group(1)));
        assertThat(rest.json("/system").path("Name").asText()).isEqualTo("Strongroom demo");
        assertThat(rest.instances()).hasSize(36);
        Command.Result again = demo("--beside", "--small");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.errors()).contains("a demo still runs from " + FOLDER, "./strongroom demo --stop");

        assertThat(demo("--stop").orFail().output()).contains(STOPPED);
        assertGone();
        assertThatThrownBy(() -> rest.get("/system")).isInstanceOf(UncheckedIOException.class);
        assertThat(sandbox.command("sh", "-c", STATE).run().orFail().output())
                .as("what the configured Orthanc has")
                .isEqualTo(before);
        assertThat(demo("--stop").errors()).contains("there is no demo in " + FOLDER);
    }

    @Test
    @Order(3)
    void stopsItselfIfItIsToRunOnce() {
        assertThat(demo("--once", "--beside", "--small").orFail().output())
                .contains("the pixels of all images are, bit for bit, those that were sent", STOPPED);
        assertGone();
    }

    private static Command.Result demo(Object... options) {
        return sandbox.command(DEMO).and(options).within(Duration.ofMinutes(10)).run();
    }

    private static void assertGone() {
        assertThat(sandbox.path(FOLDER)).doesNotExist();
        assertThat(sandbox.command("sh", "-c", RUNNING).run().output())
                .as("what still runs")
                .contains("sleep")
                .doesNotContain("Orthanc", "java");
    }
}
