package org.strongroom.tests.demo;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Rest;

/**
 * An Orthanc of this machine with Strongroom, in a folder of its own. It goes on when the demo has ended. Not thread-safe.
 */
final class DemoPacs {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where Debian puts it, which the PATH of whoever is not root leaves out. {@code demo.sh} finds the process by this word. */
    private static final String ORTHANC = "/usr/sbin/Orthanc";

    static final String AET = "ORTHANC";
    /** The only station that it knows, on this machine: what storescu calls itself unless it is told otherwise. */
    static final String MODALITY = "STORESCU";

    private final Path folder;
    private final Path distribution;
    private final List<String> asUser;
    private final ObjectNode section = JSON.createObjectNode();
    private final int httpPort = Ports.from(18042);
    private final int dicomPort = Ports.from(14242);

    /**
     * @param folder exists, belongs to the user it is going to run as, and holds the file {@code passphrase}
     * @param asUser words before a command that make it run as that user; may be empty
     */
    DemoPacs(Path folder, Path distribution, Path dicomWeb, List<String> asUser) {
        this.folder = folder;
        this.distribution = distribution;
        this.asUser = asUser;
        section.put("Home", home().toString());
        section.putObject("RootKey")
                .put("PassphraseFile", folder.resolve("passphrase").toString());
        section.putObject("Tiers")
                .putObject("offsite")
                .put("Directory", tier().toString())
                .put("AllowSameDisk", true);
        ObjectNode configuration = JSON.createObjectNode()
                .put("Name", "Strongroom demo")
                .put("HttpPort", httpPort)
                .put("DicomPort", dicomPort)
                .put("StorageDirectory", folder.resolve("orthanc").toString())
                .put("IndexDirectory", folder.resolve("orthanc").toString())
                .put("DicomAet", AET)
                // Orthanc 1.12 and older listen on every address, and for DICOM each does: who is elsewhere is refused.
                .put("RemoteAccessAllowed", false)
                .put("AuthenticationEnabled", false)
                .put("DicomCheckCalledAet", true)
                .put("DicomCheckModalityHost", true)
                .put("DicomAlwaysAllowEcho", false)
                .put("DicomAlwaysAllowStore", false)
                // What is shown as coming from the tier must not come from Orthanc's memory.
                .put("MaximumStorageCacheSize", 0);
        configuration.putArray("HttpBindAddresses").add("127.0.0.1");
        configuration
                .putObject("DicomModalities")
                .putArray("modality")
                .add(MODALITY)
                .add("127.0.0.1")
                .add(104);
        configuration
                .putArray("Plugins")
                .add(distribution.resolve("libStrongroom.so").toString())
                .add(dicomWeb.toString());
        configuration.set("Strongroom", section);
        try {
            Files.writeString(configurationFile(), configuration.toPrettyString() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String section() {
        return "\"Strongroom\": " + section.toPrettyString();
    }

    String address() {
        return "http://127.0.0.1:" + httpPort;
    }

    int dicomPort() {
        return dicomPort;
    }

    Path configurationFile() {
        return folder.resolve("orthanc.json");
    }

    Path home() {
        return folder.resolve("home");
    }

    Path tier() {
        return folder.resolve("tier");
    }

    Rest rest() {
        return new Rest(httpPort);
    }

    /** Starts it in a session of its own, so that it outlives the demo, and waits until it answers. */
    void start() throws IOException {
        Path log = folder.resolve("orthanc.log");
        Process process = new ProcessBuilder(words("setsid", ORTHANC, configurationFile()))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Files.writeString(folder.resolve("orthanc.pid"), Long.toString(process.pid()));
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("Orthanc did not start:\n" + Files.readString(log));
                    }
                    return answers();
                });
    }

    /** Returns when the sidecar, which the plugin starts once Orthanc runs, has announced itself. */
    void awaitSidecar() {
        Path announced = home().resolve("run/control.json");
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> Files.exists(announced));
    }

    /** A command of Strongroom's command line. */
    String strongroom(Object... words) {
        return Command.of(words("" + distribution.resolve("bin/strongroom"), "--config", configurationFile())
                        .toArray())
                .and(words)
                .within(Duration.ofMinutes(20))
                .run()
                .orFail()
                .output();
    }

    /** Bytes of all files below a folder. */
    static long size(Path folder) {
        return ClearText.files(folder).stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    private List<String> words(Object... words) {
        return Stream.concat(asUser.stream(), Stream.of(words).map(String::valueOf))
                .toList();
    }

    private boolean answers() {
        try {
            return rest().send("GET", "/system", null).statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
