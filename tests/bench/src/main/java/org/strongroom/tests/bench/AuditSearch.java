package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.search.SearchIndex;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Scratch;

/** How long {@code audit search} takes in the log of a busy clinic, from the start of Java to its end, with little memory. */
record AuditSearch(int events, Figures figures) {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PAUSE = Duration.ofMillis(1200); // 50 a minute
    private static final int ROUNDS = 5;
    /** Events about one study on average. */
    private static final int OF_A_STUDY = 40;

    private static final double MEBIBYTE = 1 << 20;

    void run() throws IOException {
        try (Scratch scratch = new Scratch()) {
            Home home = new Home(scratch.path().resolve("home"));
            String name = "audit." + Terminal.count(events);
            long begun = System.nanoTime();
            write(home);
            figures.put(name + ".write.usPerEvent", Load.since(begun) * 1e6 / events);
            Terminal.progress("an audit log of " + events + " events");
            begun = System.nanoTime();
            SearchIndex index = new SearchIndex(home.audit());
            boolean more = true;
            while (more) {
                more = index.step();
            }
            figures.put(name + ".index.usPerEvent", Load.since(begun) * 1e6 / events);
            figures.put(name + ".index.MiB", Files.size(home.audit().resolve("search.db")) / MEBIBYTE);
            Path config = scratch.path().resolve("orthanc.json");
            Files.writeString(
                    config,
                    "{\"Strongroom\": {\"Home\": \"" + home.root() + "\", \"RootKey\": {\"KeyFile\": \"" + config
                            + "\"}}}");
            for (Map.Entry<String, List<String>> query : queries(scratch).entrySet()) {
                for (int round = 0; round <= ROUNDS; round++) {
                    double seconds = seconds(config, query.getValue());
                    if (round > 0) { // the first one finds what Linux has not in memory
                        figures.sample(name + query.getKey(), Who.STRONGROOM, seconds);
                    }
                }
                figures.ours(name + ".search." + query.getKey() + ".seconds", name + query.getKey());
            }
            Terminal.progress("searches in the audit log");
        }
    }

    private void write(Home home) throws IOException {
        SplittableRandom random = new SplittableRandom(events);
        Duration[] passed = {Duration.ZERO};
        try (PendingLog pending =
                PendingLog.open(home.pendingAudit(), "bench", () -> BEGIN.plus(passed[0]), () -> passed[0])) {
            long last = 0;
            for (int i = 0; i < events; i++) {
                last = pending.write(event(random, i));
                passed[0] = passed[0].plus(PAUSE);
            }
            pending.sync(last);
        }
        AuditRules rules = new AuditRules(1, Duration.ZERO, Duration.ZERO, Duration.ofHours(1));
        new Sequencer(home, new UUID(1, 1), rules, () -> BEGIN, RunningTime.system()).flush();
    }

    /** About a study that came lately, or any one. */
    private static AuditEvent event(SplittableRandom random, int number) {
        int newest = number / OF_A_STUDY;
        int study = random.nextInt(10) == 0 ? random.nextInt(newest + 1) : newest;
        int kind = random.nextInt(1000);
        AuditType type = kind < 600
                ? AuditType.ARRIVAL
                : kind < 900 ? AuditType.VIEW : kind < 998 ? AuditType.TRANSFER_BEGIN : AuditType.DELETE;
        AuditEvent event = AuditEvent.of(type)
                .by("user" + random.nextInt(40))
                .fromAddress("10.0.0." + random.nextInt(200))
                .with("way", "rest")
                .with("attachment", new UUID(random.nextLong(), random.nextLong()))
                .with("key", key(study));
        return random.nextInt(5_000) == 0 ? event.refused("no right to it") : event;
    }

    private static UUID key(int study) {
        return new UUID(0x4000, study);
    }

    private Map<String, List<String>> queries(Scratch scratch) throws IOException {
        int studies = events / OF_A_STUDY;
        List<String> named = new ArrayList<>();
        for (int study = studies / 7; named.size() < 6; study += studies / 7) {
            named.add(key(study) + " 1.2." + study);
        }
        Path patient = Files.write(scratch.path().resolve("named"), named);
        Instant middle = BEGIN.plus(PAUSE.multipliedBy(events / 2));
        Map<String, List<String>> queries = new TreeMap<>();
        queries.put("patient", List.of("--patient", "P", "--named", patient.toString()));
        queries.put("study", List.of("--study", key(studies / 3).toString()));
        queries.put("userDeletes", List.of("--user", "user7", "--type", "delete"));
        queries.put("refused", List.of("--outcome", "refused"));
        queries.put(
                "hour",
                List.of(
                        "--since",
                        middle.toString(),
                        "--until",
                        middle.plusSeconds(3600).toString()));
        queries.put("userFirst100", List.of("--user", "user7", "--limit", "100"));
        return queries;
    }

    private static double seconds(Path config, List<String> query) throws IOException {
        long begun = System.nanoTime();
        Command.Result found = Command.of("java", "-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .and("-cp", System.getProperty("java.class.path"), "org.strongroom.sidecar.cli.Main")
                .and("--config", config, "audit", "search", "--json")
                .and(query.toArray())
                .run()
                .orFail();
        if (found.output().isEmpty()) {
            throw new IOException("nothing was found: " + query);
        }
        return Load.since(begun);
    }
}
