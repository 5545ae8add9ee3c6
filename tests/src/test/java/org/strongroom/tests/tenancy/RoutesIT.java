package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Route;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancSetup;
import org.strongroom.tests.harness.Scratch;

/** What each Orthanc says of its own routes, and the route table. */
class RoutesIT {
    /** Routes whose documentation Orthanc would make from a server on the network; in its log instead of the document. */
    private static final Pattern UNDOCUMENTED = Pattern.compile("without API documentation: ([A-Z]+) (\\S+)");

    private static final Pattern CALLBACK = Pattern.compile("registered a REST callback .* on: (\\S+)");

    private static final Set<String> TABLE = RouteTable.of(DicomWebRoots.DEFAULTS, List.of()).routes().stream()
            .flatMap(route -> route.methods().stream().map(method -> method + " " + shape(route)))
            .collect(Collectors.toSet());

    /** The number is how many there are: an Orthanc that no longer tells all of them would be noticed. */
    @ParameterizedTest
    @CsvSource({"BOOKWORM,274", "TRIXIE,299", "SID,299"})
    void everyRouteOfOrthancIsClassified(Debian debian, int known) throws IOException {
        Set<String> routes = routes(debian);
        assertThat(routes).hasSize(known);
        assertThat(routes.stream().filter(route -> !TABLE.contains(route)))
                .as("not in routes.txt")
                .isEmpty();
    }

    /** A path of a plugin is known, whatever its methods; those that are not in the table are refused. */
    @ParameterizedTest
    @EnumSource(Debian.class)
    void everyRouteOfDicomWebAndTheWebViewerIsClassified(Debian debian) throws IOException {
        Set<String> known = TABLE.stream()
                .map(route -> route.substring(route.indexOf(' ') + 1))
                .collect(Collectors.toSet());
        Set<String> registered = registered(debian);
        assertThat(registered).hasSizeGreaterThanOrEqualTo(36);
        assertThat(registered.stream().filter(path -> !known.contains(path)))
                .as("not in routes.txt")
                .isEmpty();
    }

    private static Set<String> registered(Debian debian) throws IOException {
        // With its port taken, Orthanc loads its plugins and ends.
        try (Scratch scratch = new Scratch();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OrthancSetup setup = new OrthancSetup(debian, scratch)
                    .debianPlugin("libOrthancDicomWeb.so")
                    .debianPlugin("libOrthancWebViewer.so")
                    .set("HttpPort", Integer.toString(taken.getLocalPort()));
            Command.Result ended = debian.command("/usr/sbin/Orthanc", "--verbose", setup.write())
                    .within(Duration.ofMinutes(2))
                    .run();
            Set<String> paths = new TreeSet<>();
            Matcher callback = CALLBACK.matcher(ended.output() + ended.errors());
            while (callback.find()) {
                paths.add(shape(callback.group(1).replace("([^/]*)", "{x}").replace("(.*)", "{x}")));
            }
            return paths;
        }
    }

    private static Set<String> routes(Debian debian) throws IOException {
        try (Scratch scratch = new Scratch()) {
            Path document = scratch.folder("out").resolve("openapi.json");
            Path configuration = new OrthancSetup(debian, scratch).write();
            Command.Result made = debian.command("/usr/sbin/Orthanc", "--openapi=" + document, configuration)
                    .within(Duration.ofMinutes(2))
                    .run()
                    .orFail();
            Set<String> routes = new TreeSet<>();
            JsonNode paths = new ObjectMapper().readTree(document.toFile()).get("paths");
            paths.properties().forEach(path -> path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                            method -> routes.add(method.toUpperCase(Locale.ROOT) + " " + shape(path.getKey()))));
            Matcher undocumented = UNDOCUMENTED.matcher(made.output() + made.errors());
            while (undocumented.find()) {
                routes.add(undocumented.group(1) + " " + shape(undocumented.group(2)));
            }
            return routes;
        }
    }

    private static String shape(Route route) {
        return shape(route.path().replace("/**", "/{rest}"));
    }

    /** Without arguments and names. */
    private static String shape(String path) {
        return path.replaceAll("\\?.*", "").replaceAll("[^/]*\\{[^/]*", "{}");
    }
}
