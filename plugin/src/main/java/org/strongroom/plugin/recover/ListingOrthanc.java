package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.supervise.Child;

/**
 * An Orthanc that opens an index, says how much it lists, and ends by itself. It has no plugin, so no key, no sidecar and no tier; no port;
 * no files behind the index; and it takes up none of the jobs that the index remembers, or it would send again what was being sent then.
 * Stateless.
 */
public final class ListingOrthanc {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK = Duration.ofMillis(200);
    /** An older index is made anew at the start: that takes minutes, not hours. */
    private static final int LOOKS = 9_000;

    private static final int SECONDS_TO_END = 10;
    private static final List<String> PASSED_ON = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH");

    private ListingOrthanc() {}

    /** What the index lists. */
    public record Listed(long studies, long instances) {}

    /**
     * Starts it, and returns when it has ended.
     *
     * @param program Orthanc's
     * @param index a copy that may be changed, named {@code index}, in a folder of its own
     * @param log what it says; that of an earlier one is gone
     * @throws StrongroomException CORRUPT if it ends and lists nothing, UNAVAILABLE if it does not end
     */
    public static Listed run(Path program, Path index, Path log, Sleeper sleeper)
            throws IOException, InterruptedException {
        Files.deleteIfExists(log);
        Path folder = index.getParent();
        Path answer = folder.resolve("statistics.json");
        Path script = folder.resolve("list.lua");
        DurableFiles.replace(script, script(answer).getBytes(StandardCharsets.UTF_8));
        Path configuration = folder.resolve("listing.json");
        DurableFiles.replace(configuration, JSON.writeValueAsBytes(configuration(folder, script)));
        ProcessBuilder builder = new ProcessBuilder(program.toString(), configuration.toString())
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().retainAll(PASSED_ON);
        Child process = Child.start(builder, SECONDS_TO_END);
        try (process) {
            for (int look = 0; process.isAlive() && look < LOOKS; look++) {
                sleeper.sleep(LOOK);
            }
            if (process.isAlive()) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc does not open the index in half an hour")
                        .with("log", log);
            }
        }
        if (!Files.exists(answer)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "Orthanc does not list what is in the index")
                    .with("log", log)
                    .with("status", process.exitStatus())
                    .cure("Its log says why");
        }
        JsonNode statistics = JSON.readTree(Files.readAllBytes(answer));
        return new Listed(
                statistics.required("CountStudies").asLong(),
                statistics.required("CountInstances").asLong());
    }

    /** Even if who started it is gone, it ends. */
    private static String script(Path answer) {
        String name = quoted(answer.toString());
        return "function Initialize()\n"
                + "  local file = io.open(" + quoted(answer + ".part") + ", 'w')\n"
                + "  file:write(RestApiGet('/statistics'))\n"
                + "  file:close()\n"
                + "  os.rename(" + quoted(answer + ".part") + ", " + name + ")\n"
                + "  RestApiPost('/tools/shutdown', '')\n"
                + "end\n";
    }

    private static String quoted(String text) {
        if (text.contains("]==]") || text.startsWith("\n")) {
            throw new IllegalArgumentException("a path that Lua cannot be told");
        }
        return "[==[" + text + "]==]";
    }

    private static ObjectNode configuration(Path folder, Path script) {
        ObjectNode configuration = JSON.createObjectNode()
                .put("Name", "Strongroom drill")
                .put("StorageDirectory", folder.resolve("storage").toString())
                .put("IndexDirectory", folder.toString())
                .put("TemporaryDirectory", folder.toString())
                .put("HttpServerEnabled", false)
                .put("DicomServerEnabled", false)
                .put("SaveJobs", false)
                .put("MaximumStorageSize", 0)
                .put("MaximumPatientCount", 0);
        configuration.putArray("Plugins");
        configuration.putObject("DicomModalities");
        configuration.putObject("OrthancPeers");
        configuration.putArray("LuaScripts").add(script.toString());
        return configuration;
    }
}
