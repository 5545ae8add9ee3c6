package org.strongroom.plugin.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strongroom.core.settings.RouteSettings;
import org.strongroom.plugin.bridge.HttpMethod;

/** All routes that may be asked for: those of {@code routes.txt}, and what the settings say of other plugins'. Immutable. */
public final class RouteTable {
    private final List<Route> routes = new ArrayList<>();
    private final RouteTree known = new RouteTree();
    private final RouteTree foreign = new RouteTree();

    /** A request's line, and what the request names: from the outside in, as it stands in the path. */
    public record Match(Route route, List<Resource> named) {}

    private RouteTable() {}

    /**
     * The table.
     *
     * @param roots where the DICOMweb plugin answers
     * @param others lines that may add paths but not change those that are known
     */
    public static RouteTable of(DicomWebRoots roots, List<RouteSettings> others) {
        RouteTable table = new RouteTable();
        try (InputStream in = RouteTable.class.getResourceAsStream("routes.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line(line, roots))
                    .forEach(route -> table.add(table.known, route));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        others.forEach(other -> table.add(table.foreign, route(other)));
        return table;
    }

    /** Every line. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /**
     * The line that decides on a request; empty if there is none, or the request could be read in several ways.
     *
     * @param path without arguments, as it was sent
     * @param query the arguments, in their order
     */
    public Optional<Match> find(HttpMethod method, String path, List<Map.Entry<String, String>> query) {
        return CanonicalRequest.of(path, query).flatMap(request -> find(method, request));
    }

    /** The line that decides on a request; empty if there is none. */
    Optional<Match> find(HttpMethod method, CanonicalRequest request) {
        return known.find(request.segments())
                .or(() -> foreign.find(request.segments()))
                .flatMap(place -> place.lines().getOrDefault(method, List.of()).stream()
                        .filter(line -> line.arguments().keySet().stream().allMatch(request::has))
                        .findFirst()
                        .flatMap(line -> match(line, place.named(), request)));
    }

    private static Optional<Match> match(RouteTree.Line line, List<Resource> inPath, CanonicalRequest request) {
        List<Resource> named = new ArrayList<>(line.route().stores() ? List.of() : inPath);
        for (Map.Entry<String, Segment> argument : line.arguments().entrySet()) {
            if (argument.getValue() != null) {
                Optional<List<Resource>> here = request.only(argument.getKey()).flatMap(argument.getValue()::match);
                if (here.isEmpty()) {
                    return Optional.empty();
                }
                named.addAll(here.get());
            }
        }
        return Optional.of(new Match(line.route(), named));
    }

    private void add(RouteTree tree, Route route) {
        tree.add(route);
        routes.add(route);
    }

    private static Route line(String line, DicomWebRoots roots) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length != 4) {
            throw new IllegalArgumentException("not four columns: " + line);
        }
        return new Route(
                methods(Stream.of(columns[0].split(",", -1))),
                roots.in(columns[1]),
                Need.parse(columns[2]),
                columns[3].equals("none") ? Set.of() : treatments(columns[3]));
    }

    /** What another plugin answers to everybody who is logged in was not meant for who holds a share link, unless it names a study. */
    private static Route route(RouteSettings other) {
        Route route =
                new Route(methods(other.methods().stream()), other.path(), Need.parse(other.permission()), Set.of());
        boolean named = route.level().filter(Level::isStored).isPresent();
        return named
                ? route
                : new Route(route.methods(), route.path(), route.need().ofAccounts(), route.treatments());
    }

    private static Set<HttpMethod> methods(Stream<String> names) {
        return names.map(HttpMethod::valueOf).collect(Collectors.toCollection(() -> EnumSet.noneOf(HttpMethod.class)));
    }

    private static Set<Treatment> treatments(String text) {
        return Stream.of(text.split(",", -1))
                .map(name -> Treatment.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
    }
}
