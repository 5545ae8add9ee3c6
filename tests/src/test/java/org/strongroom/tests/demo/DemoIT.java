package org.strongroom.tests.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Detour;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Sandbox;

/** {@code ./strongroom demo} on this machine, in a sandbox: what it installs is gone afterwards. In order, since one run installs more. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoIT {
    /** What somebody who uses Orthanc has on the disk, and when it was last changed. */
    private static final String STATE =
            "find /etc/orthanc /var/lib/orthanc -type f -printf '%p %s %T@\\n' -exec md5sum {} ';' | sort";

    private static final String USE =
            "cp -p /etc/orthanc/orthanc.json /tmp && sed -i 's/8042/8043/' /etc/orthanc/orthanc.json"
                    + " && mkdir -p /var/lib/orthanc/db-v6 && echo images > /var/lib/orthanc/db-v6/index";

    private static final String USE_NO_MORE = "mv /tmp/orthanc.json /etc/orthanc && rm -r /var/lib/orthanc/db-v6";

    /** As on a machine that has booted: what keeps Debian's packages from starting services in a container would hide that ours does not. */
    private static final String BOOTED =
            "rm -f /usr/sbin/policy-rc.d /sbin/runlevel; [ -e /sbin/init ] || ln -s /bin/true /sbin/init;"
                    + " printf '#!/bin/sh\\necho N 2\\n' > /sbin/runlevel && chmod 755 /sbin/runlevel";

    /** What makes Debian start Orthanc with the machine; and what keeps its packages from starting anything, which has to be gone. */
    private static final String TRACES = "find /etc/rc[2345].d /etc/systemd/system /usr/sbin"
            + " -name 'S*orthanc' -o -name orthanc.service -o -name 'policy-rc.d*'";

    /** What ended and is not buried yet does not count. */
    private static final String RUNNING =
            "awk '/^Name/ {name = $2} /^State/ && $2 != \"Z\" {print name}' /proc/[0-9]*/status";

    private static final Object[] DEMO = {Project.root().resolve("strongroom"), "demo"};
    /** Of whoever is not root on Debian: without the folders of its servers. */
    private static final String PATH = Stream.of(System.getenv("PATH").split(":"))
            .filter(place -> !place.endsWith("sbin"))
            .collect(Collectors.joining(":", "PATH=", ""));

    private static final String CHECKOUT = "/var/tmp/checkout";
    private static final String INSTALL = CHECKOUT + "/tests/debian-install.sh";
    private static final Object[] NOBODY = {"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"};
    private static final String FOLDER = "/var/tmp/strongroom-demo";
    private static final String STOPPED = "The demo PACS is stopped and " + FOLDER + " deleted.";

    private static Sandbox sandbox;

    /** Debian's Orthanc, installed and not used; by somebody who is not root and has sudo. */
    @BeforeAll
    static void install() {
        sandbox = new Sandbox();
        sandbox.command("sh", "-c", BOOTED).run().orFail();
        checkOut("tests/debian-install.sh");
        sandbox.command(INSTALL, "sudo").within(Duration.ofMinutes(5)).run().orFail();
        Command.Result without = sandbox.command(NOBODY).and(INSTALL, "orthanc").run();
        assertThat(without.status()).isEqualTo(1);
        assertThat(without.errors()).contains("without sudo this user cannot install them. As root:", "orthanc");
        sandbox.command("sh", "-c", "echo 'nobody ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/demo")
                .run()
                .orFail();
        sandbox.command(NOBODY)
                .and(INSTALL, "orthanc")
                .within(Duration.ofMinutes(5))
                .run()
                .orFail();
        sandbox.command("rm", "/etc/sudoers.d/demo").run().orFail();
        assertNothingOfOrthancStarts();
    }

    /** Puts a file of the project where everybody may read it. */
    private static void checkOut(String file) {
        sandbox.command("install", "-D", Project.root().resolve(file), CHECKOUT + "/" + file)
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
            /etc/orthanc/pacs.json cannot be read, and counts as edited | ln -s nowhere /etc/orthanc/pacs.json     | rm /etc/orthanc/pacs.json
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

    /** Debian's package keeps a file of passwords from everybody but Orthanc; a clinic may keep all of them so. */
    @Test
    @Order(1)
    void refusesWhereItMayNotLook() {
        List.of("strongroom", "tests/demo.sh").forEach(DemoIT::checkOut);
        Command.Result refused =
                sandbox.command(NOBODY).and(CHECKOUT + "/strongroom", "demo").run();
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.errors()).contains("(/etc/orthanc/credentials.json cannot be read, and counts as edited)");
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
        int port = (int) number(output, "open http://127\\.0\\.0\\.1:(\\d+) ");
        Rest rest = new Rest(port);
        assertThat(rest.json("/system").path("Name").asText()).isEqualTo("Strongroom demo");
        assertThat(rest.instances()).hasSize(36);
        assertAnswersThisMachineOnly(port, (int) number(output, "DICOM +127\\.0\\.0\\.1:(\\d+),"));
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

    /** On a machine where nobody uses Orthanc, and the ports that it likes best are taken. */
    @Test
    @Order(3)
    void stopsItselfIfItIsToRunOnce() throws IOException {
        sandbox.command("sh", "-c", USE_NO_MORE).run().orFail();
        String output;
        try (ServerSocket http = occupied(18042);
                ServerSocket dicom = occupied(14242)) {
            output = sandbox.command(DEMO)
                    .and("--once", "--small")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .orFail()
                    .output();
            assertThat(number(output, "REST +http://127\\.0\\.0\\.1:(\\d+)\\b"))
                    .isNotIn(18042.0, (double) http.getLocalPort());
            assertThat(number(output, "DICOM +127\\.0\\.0\\.1:(\\d+),"))
                    .isNotIn(14242.0, (double) dicom.getLocalPort());
        }
        assertThat(output).contains("the pixels of all images are, bit for bit, those that were sent", STOPPED);
        assertSaysWhatItMeasured(output);
        assertGone();
        assertNothingOfOrthancStarts();
        assertThat(sandbox.path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so"))
                .as("the package is installed")
                .exists();
    }

    private static void assertSaysWhatItMeasured(String output) {
        double sent = number(output, "CT, uncompressed +24 images +([\\d.]+) MB")
                + number(output, "CT, JPEG lossless +6 images +([\\d.]+) MB")
                + number(output, "MR, run-length \\(RLE\\) +6 images +([\\d.]+) MB");
        assertThat(sent).isGreaterThan(24 * 512 * 512 * 2 / 1e6);
        double sealed = number(output, "36 sealed files, ([\\d.]+) MB");
        assertThat(sealed).isBetween(sent / 10, sent);
        assertThat(number(output, "(\\d+) % of what was sent")).isCloseTo(100 * sealed / sent, within(1.5));
        assertThat(number(output, "1 pack instead of 36 objects, ([\\d.]+) MB")).isBetween(0.9 * sealed, 1.1 * sealed);
        assertThat(number(output, "([\\d.]+) MB before")).isCloseTo(sealed, within(0.2));
        assertThat(number(output, "([\\d.]+) MB after: only the heads")).isLessThan(sealed / 3);
        assertThat(number(output, "\\(([\\d.]+) MB per second\\)")).isPositive();
        for (String what : List.of("ready", "accepted, sealed and safely on disk", "sent and checked")) {
            assertThat(number(output, what + " after ([\\d.]+) s\\b")).as(what).isPositive();
        }
        for (String door : List.of("REST", "DICOMweb")) {
            assertThat(number(output, door + " +first image after ([\\d.]+) s"))
                    .as(door)
                    .isPositive()
                    .isLessThanOrEqualTo(
                            number(output, door + " +first image after [\\d.]+ s, all 36 after ([\\d.]+) s"));
        }
    }

    /** The number that the demo says there. */
    private static double number(String output, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(output);
        assertThat(found.find()).as("%s in %s", pattern, output).isTrue();
        return Double.parseDouble(found.group(1));
    }

    /** Every address that begins with 127 is this machine, but only one of them is the one it listens to. */
    private static void assertAnswersThisMachineOnly(int port, int dicomPort) {
        try (Detour http = new Detour("127.0.0.2", port);
                Detour dicom = new Detour("127.0.0.2", dicomPort)) {
            assertThat(new Rest(http.port()).send("GET", "/system", null).statusCode())
                    .isEqualTo(401);
            assertThat(echo("STORESCU", "ORTHANC", dicomPort))
                    .as("the modality")
                    .isZero();
            assertThat(echo("STORESCU", "ORTHANC", dicom.port()))
                    .as("from elsewhere")
                    .isNotZero();
        }
        assertThat(echo("STRANGER", "ORTHANC", dicomPort)).as("unknown").isNotZero();
        assertThat(echo("STORESCU", "ANY-SCP", dicomPort))
                .as("called by another name")
                .isNotZero();
    }

    private static int echo(String calling, String called, int port) {
        return Command.of("echoscu", "-aet", calling, "-aec", called, "127.0.0.1", port)
                .run()
                .status();
    }

    /** Takes a port, if nobody has it. */
    private static ServerSocket occupied(int port) throws IOException {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (BindException taken) {
            return new ServerSocket(0);
        }
    }

    private static Command.Result demo(Object... options) {
        return sandbox.command("env", PATH)
                .and(DEMO)
                .and(options)
                .within(Duration.ofMinutes(10))
                .run();
    }

    private static void assertNothingOfOrthancStarts() {
        assertThat(sandbox.command("sh", "-c", TRACES).run().output())
                .as("what starts Orthanc with the machine, or keeps packages from starting anything")
                .isEmpty();
        assertThat(sandbox.command("sh", "-c", RUNNING).run().output())
                .contains("sleep")
                .doesNotContain("Orthanc");
    }

    private static void assertGone() {
        assertThat(sandbox.path(FOLDER)).doesNotExist();
        assertThat(sandbox.command("sh", "-c", RUNNING).run().output())
                .as("what still runs")
                .contains("sleep")
                .doesNotContain("Orthanc", "java");
    }
}
