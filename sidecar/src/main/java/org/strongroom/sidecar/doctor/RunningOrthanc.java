package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.PluginLock;
import org.strongroom.core.settings.Configuration;

/** What runs now: an Orthanc with Strongroom in it, its sidecar, and what the sidecar complains of. */
final class RunningOrthanc {
    private static final int CONNECT_MILLIS = 2_000;

    private RunningOrthanc() {}

    static List<Finding> examine(Configuration configuration, Home home) {
        List<Finding> findings = new ArrayList<>();
        Optional<Boolean> runs = pluginRuns(home);
        if (runs.isEmpty()) {
            findings.add(Finding.warning(
                    "whether Strongroom runs cannot be told: " + home.run() + " may not be read",
                    "an Orthanc without Strongroom would store in clear",
                    "run the doctor as root or as Orthanc's user"));
            return findings;
        }
        if (!runs.get()) {
            int port = configuration.orthanc().httpPort();
            findings.add(
                    listens(port)
                            ? Finding.serious(
                                    "something listens on Orthanc's HttpPort " + port
                                            + ", and Strongroom does not run in it",
                                    "if it is Orthanc, it stores every new image in clear",
                                    "look for Strongroom in Orthanc's log, and restart Orthanc")
                            : Finding.warning(
                                    "Orthanc does not run", "nothing is received or shipped", "start Orthanc"));
            return findings;
        }
        status(home, findings);
        return findings;
    }

    private static void status(Home home, List<Finding> findings) {
        try {
            Status status = ControlClient.connect(home).status();
            if (status.plugin() == Status.Plugin.absent) {
                findings.add(Finding.warning(
                        "Orthanc and its sidecar run, but do not talk to each other",
                        "nothing gets a receipt, so nothing is evicted",
                        "wait a minute; if it stays so, restart Orthanc"));
            }
            for (Status.Problem problem : status.problems()) {
                findings.add(
                        problem.kind() == FailureKind.CORRUPT
                                ? Finding.serious(problem.message(), "see status", problem.cure())
                                : Finding.warning(problem.message(), "see status", problem.cure()));
            }
        } catch (StrongroomException e) {
            findings.add(Finding.serious(
                    "the sidecar does not answer: " + e.text(),
                    "nothing is shipped or fetched; Orthanc keeps what fits on this machine",
                    "read " + home.run().resolve("sidecar.log")));
        }
    }

    /** Whether an Orthanc holds Home; empty if this user may not look. */
    private static Optional<Boolean> pluginRuns(Home home) {
        try {
            return Optional.of(PluginLock.isHeld(home));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
