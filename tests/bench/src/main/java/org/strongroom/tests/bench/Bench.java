package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** {@code ./strongroom bench}. Ends with a stack trace and a non-zero status if something cannot be measured. */
public final class Bench {
    private static final int LATENCY = 30;
    private static final String BUCKET = "strongroom";
    private static final Set<String> PARTS =
            Set.of("sizes", "start", "ingest", "frames", "cold", "ledger", "audit", "tenants", "recording");

    private final Plan plan;
    private final Debian debian;
    /** Parts of the run; all, if none is named. */
    private final Set<String> only;

    private final Figures figures = new Figures();
    private final List<Contestant> running = new ArrayList<>();
    private String machine = "";

    private Bench(Plan plan, Debian debian, Set<String> only) {
        this.only = only;
        this.plan = plan;
        this.debian = debian;
    }

    /**
     * Arguments: {@code --quick}, {@code --full} or {@code --trial}, {@code --json FILE}, {@code --report FILE},
     * {@code --debian SUITE}, {@code --only PART,…}.
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            measureAll(arguments);
            status = 0;
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace(System.err);
        }
        System.exit(status); // the store's threads would keep the program
    }

    private static void measureAll(String[] arguments) throws IOException {
        Plan plan = Plan.QUICK;
        Debian debian = Debian.TRIXIE;
        Optional<Path> json = Optional.empty();
        Optional<Path> report = Optional.empty();
        Set<String> only = Set.of();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> plan = Plan.QUICK;
                case "--full" -> plan = Plan.FULL;
                case "--trial" -> plan = Plan.TRIAL;
                case "--json" -> json = Optional.of(Path.of(arguments[++i]));
                case "--report" -> report = Optional.of(Path.of(arguments[++i]));
                case "--only" -> only = parts(arguments[++i]);
                case "--debian" -> debian = Debian.valueOf(arguments[++i].toUpperCase(java.util.Locale.ROOT));
                default -> throw new IllegalArgumentException("no such option: " + arguments[i]);
            }
        }
        Bench bench = new Bench(plan, debian, only);
        try {
            bench.run();
        } finally { // also what was measured in the hour before something failed
            bench.tell(json, report);
        }
        if (only.isEmpty()) {
            bench.figures.requireFixed();
        }
    }

    private void tell(Optional<Path> json, Optional<Path> report) throws IOException {
        Terminal.table(figures.all());
        if (json.isPresent()) {
            Json.write(json.get(), figures.all());
        }
        if (report.isPresent()) {
            Report.write(report.get(), machine, plan, figures.all());
        }
    }

    private static Set<String> parts(String text) {
        Set<String> parts = Set.copyOf(List.of(text.split(",", -1)));
        if (!PARTS.containsAll(parts)) {
            throw new IllegalArgumentException(text + ": the parts are " + new TreeSet<>(PARTS));
        }
        return parts;
    }

    private void run() throws IOException {
        try (Scratch scratch = new Scratch();
                ObjectStore store = new ObjectStore(scratch.folder("store"))) {
            try {
                measure(store, scratch);
            } finally {
                closeFrom(0);
            }
        }
    }

    /** Each of them, whatever becomes of those before it. */
    private void closeFrom(int index) throws IOException {
        if (index < running.size()) {
            try {
                running.get(index).close();
            } finally {
                closeFrom(index + 1);
            }
        }
    }

    private void measure(ObjectStore store, Scratch scratch) throws IOException {
        if (wanted("ledger")) {
            new LedgerGrowth(plan, figures).run();
        }
        if (wanted("audit")) {
            for (int events : plan.events()) {
                new AuditSearch(events, figures).run();
            }
        }
        if (wanted("tenants")) {
            new Decisions(plan, figures).run();
            new Tenants(plan, figures, debian).run();
        }
        if (wanted("recording")) {
            measureRecording(store, scratch);
        }
        if (only.isEmpty() || !Set.of("ledger", "audit", "tenants", "recording").containsAll(only)) {
            measureServers(store, plugin(scratch));
        }
    }

    /** Alone on the machine, and both new: Java has compiled as much of one as of the other. */
    private void measureRecording(ObjectStore store, Scratch scratch) throws IOException {
        add(Contestant.strongroom(debian, store, "recorded"));
        add(Contestant.unrecorded(debian, store, "unrecorded", Unrecorded.library(scratch)));
        new AuditCost(plan, figures, List.copyOf(running), Slices.ct()).run();
        closeFrom(0);
        running.clear();
    }

    private void measureServers(ObjectStore store, Path plugin) throws IOException {
        Terminal.progress("drawing images");
        Slices ct = Slices.ct();
        Slices mr = Slices.mr();
        Contestant plain = add(Contestant.plain(debian));
        Contestant strongroom = add(Contestant.strongroom(debian, store, BUCKET));
        Contestant sync = add(Contestant.sync(debian, store, "sync", plugin));
        Optional<Contestant> rclone = rclone(store);
        machine = "Orthanc "
                + plain.orthanc.rest().json("/system").path("Version").asText() + " of Debian " + debian
                + ", images of " + ct.bytes() + " bytes, "
                + Runtime.getRuntime().availableProcessors()
                + " processors; the store is " + LATENCY + " ms away, there and back";
        Terminal.line(machine);

        if (wanted("sizes")) {
            new Volume(figures, strongroom, () -> store.bytes(BUCKET, "packs/")).run(ct, mr);
        }
        if (wanted("start")) {
            new StartUp(plan, figures, ct).run(plain, strongroom);
        }
        for (Contestant contestant : running) {
            if (contestant != plain) {
                contestant.line.roundTrip(LATENCY);
            }
        }
        if (wanted("ingest")) {
            Phase phase = Phase.begin("ingest", running);
            Map<Who, List<String>> stored = new Ingest(plan, figures, running, ct).run();
            phase.end(figures);
            new WarmRead(plan, figures, List.of(plain, strongroom), stored, ct.bytes()).run();
        }
        if (wanted("frames")) {
            new Frames(plan, figures).run(plain, strongroom);
        }
        if (wanted("cold")) {
            List<Contestant> peers = new ArrayList<>(List.of(sync));
            rclone.ifPresent(peers::add);
            new Cold(plan, figures, ct).run(strongroom, peers);
        }
        Memory.measure(figures, plain, strongroom);
    }

    /** Left out where it cannot run. */
    private Optional<Contestant> rclone(ObjectStore store) {
        String hindrance = RcloneMount.hindrance();
        if (hindrance.isEmpty()) {
            try {
                Contestant mounted = add(RcloneContestant.start(debian, store, "rclone"));
                figures.put("rclone.left.out", 0);
                return Optional.of(mounted);
            } catch (IOException e) {
                hindrance = e.getMessage();
            }
        }
        figures.put("rclone.left.out", 1);
        Terminal.line("Without rclone mount: " + hindrance);
        return Optional.empty();
    }

    private boolean wanted(String part) {
        return only.isEmpty() || only.contains(part);
    }

    private Contestant add(Contestant contestant) {
        running.add(contestant);
        return contestant;
    }

    /** Compiles the peer's storage plugin. */
    private static Path plugin(Scratch scratch) throws IOException {
        Path library = scratch.path().resolve("libSyncStorage.so");
        Command.of("gcc", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-O2", "-fPIC", "-shared")
                .and("-o", library, Project.root().resolve("tests/bench/src/main/c/sync_storage.c"), "-lpthread")
                .run()
                .orFail();
        return library;
    }
}
