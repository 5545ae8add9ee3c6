package org.strongroom.tests.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Sandbox;

/** {@code ./strongroom demo} on this machine with an Orthanc in use, in a sandbox: what it installs is gone afterwards. */
class DemoIT {
    /** What somebody who uses Orthanc has on the disk, and when it was last changed. */
    private static final String STATE = "find /etc/orthanc /var/lib/orthanc -type f -printf '%p %s %T@\\n' | sort"
            + "; cat /etc/orthanc/orthanc.json /var/lib/orthanc/db-v6/index";

    private static final String USE = "sed -i 's/MyOrthanc/Dr. Who/' /etc/orthanc/orthanc.json"
            + " && mkdir -p /var/lib/orthanc/db-v6 && echo images > /var/lib/orthanc/db-v6/index";

    /** Nobody buries what ended in there. */
    private static final String RUNNING =
            "awk '/^Name/ {name = $2} /^State/ && $2 != \"Z\" {print name}' /proc/[0-9]*/status";

    private static final Object[] DEMO = {Project.root().resolve("strongroom"), "demo", "--once"};

    @Test
    void asksForBesideWhereOrthancIsInUseThenKeepsItsPromisesAndTouchesNothing() {
        try (Sandbox sandbox = new Sandbox()) {
            sandbox.command(Project.root().resolve("tests/debian-install.sh"), "orthanc")
                    .within(Duration.ofMinutes(5))
                    .run()
                    .orFail();
            sandbox.command("sh", "-c", USE).run().orFail();
            String before = sandbox.command("sh", "-c", STATE).run().orFail().output();

            Command.Result refused = sandbox.command(DEMO).run();
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.errors())
                    .contains("an Orthanc is configured on this machine (")
                    .contains("./strongroom demo --beside");
            assertThat(sandbox.path("/var/tmp/strongroom-demo")).doesNotExist();

            String output = sandbox.command(DEMO)
                    .and("--beside", "--small")
                    .within(Duration.ofMinutes(10))
                    .run()
                    .orFail()
                    .output();
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
                            "The demo PACS is stopped and /var/tmp/strongroom-demo deleted.")
                    .doesNotContain("NOT SO");
            assertThat(sandbox.path("/var/tmp/strongroom-demo")).doesNotExist();
            assertThat(sandbox.command("sh", "-c", STATE).run().orFail().output())
                    .as("what the configured Orthanc has")
                    .isEqualTo(before);
            assertThat(sandbox.command("sh", "-c", RUNNING).run().output())
                    .as("what still runs")
                    .contains("sleep")
                    .doesNotContain("Orthanc", "java");
        }
    }
}
