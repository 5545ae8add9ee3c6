package org.strongroom.plugin.offline.access;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Table;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Route;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.access.Treatment;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code routes}: the route table that is built in, as {@code docs/access.md} explains it. Needs neither keys nor a server. */
@Command(name = "routes", description = "Every known route of Orthanc and what it needs.")
public final class RoutesCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @ParentCommand
    private Program main;

    /** One route with one method. */
    record Line(String method, String path, String permission, String level, String list) {}

    @Override
    public Integer call() {
        List<Line> lines = RouteTable.of(DicomWebRoots.DEFAULTS, List.of()).routes().stream()
                .flatMap(route -> route.methods().stream().map(method -> line(route, method.name())))
                .sorted(Comparator.comparing(Line::path).thenComparing(Line::method))
                .toList();
        Console console = main.session().console();
        console.object(Map.of("routes", lines));
        Table table = new Table("METHOD", "PATH", "PERMISSION", "LEVEL", "LIST");
        lines.forEach(line -> table.row(line.method(), line.path(), line.permission(), line.level(), line.list()));
        table.lines().forEach(console::line);
        return Console.DONE;
    }

    private static Line line(Route route, String method) {
        String list =
                route.treatments().stream().sorted().map(Treatment::toString).collect(Collectors.joining(","));
        return new Line(
                method,
                route.path(),
                route.need().toString(),
                route.level().map(Level::toString).orElse(NONE),
                list.isEmpty() ? NONE : list);
    }
}
