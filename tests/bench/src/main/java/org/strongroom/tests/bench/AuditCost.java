package org.strongroom.tests.bench;

import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.PendingLog;
import org.strongroom.core.time.RunningTime;
import org.strongroom.tests.harness.Scratch;

/** What recording costs whoever sends and reads, beside the same Strongroom that records nothing ({@link Unrecorded}); and one event alone. */
record AuditCost(Plan plan, Figures figures, List<Contestant> both, Slices slices) {
    private static final List<Integer> AT_A_TIME = List.of(1, 8);
    private static final int EVENTS = 400;
    /** Java compiles in the first ones: they do not count. */
    private static final int WARMING = 3;

    void run() throws IOException {
        for (int atATime : AT_A_TIME) {
            event(atATime);
        }
        int rounds = plan.rounds() + WARMING;
        for (int round = 0; round < rounds; round++) {
            List<Contestant> turn = round % 2 == 0 ? both : List.of(both.get(1), both.get(0));
            Map<Who, List<String>> stored = new EnumMap<>(Who.class);
            List<byte[]> images = List.copyOf(slices.study(plan.images()));
            for (Contestant contestant : turn) {
                stored.put(contestant.who, ingest(contestant, images, round >= WARMING));
            }
            for (Contestant contestant : turn) {
                read(contestant, stored.get(contestant.who), round >= WARMING);
            }
        }
        for (String measure : List.of("audit.cost.ingest", "audit.cost.read")) {
            figures.ratioOfRates(measure + ".vsUnrecorded", measure, Who.UNRECORDED);
            figures.close(measure, "perSecond");
            figures.close("cpu." + measure, "msPerInstance");
        }
        Terminal.progress("what the audit log costs");
    }

    private List<String> ingest(Contestant contestant, List<byte[]> images, boolean counts) throws IOException {
        List<String> ids = new java.util.ArrayList<>();
        double cpu = contestant.cpuSeconds();
        double seconds = contestant.load.store(images, 4, ids);
        sample("audit.cost.ingest", contestant, images.size() / seconds, cpu, images.size(), counts);
        return ids;
    }

    private void read(Contestant contestant, List<String> ids, boolean counts) throws IOException {
        double cpu = contestant.cpuSeconds();
        double seconds = contestant.load.readFiles(ids, 4, slices.bytes());
        sample("audit.cost.read", contestant, ids.size() / seconds, cpu, ids.size(), counts);
    }

    private void sample(String measure, Contestant contestant, double rate, double cpu, int count, boolean counts)
            throws IOException {
        if (counts) {
            figures.sample(measure, contestant.who, rate);
            figures.sample("cpu." + measure, contestant.who, (contestant.cpuSeconds() - cpu) * 1000 / count);
        }
    }

    /** From the call to the disk; who records at the same time shares a wait. */
    private void event(int atATime) throws IOException {
        try (Scratch scratch = new Scratch();
                PendingLog log = PendingLog.open(
                        scratch.path().resolve("pending"), "bench", Clock.systemUTC(), RunningTime.system())) {
            Load.inParallel(EVENTS, atATime, i -> log.record(arrival()));
            double seconds = Load.inParallel(EVENTS, atATime, i -> log.record(arrival()));
            figures.put("audit.cost.event." + atATime + ".waitMs", seconds * 1000 * atATime / EVENTS);
        }
    }

    private static AuditEvent arrival() {
        return AuditEvent.of(AuditType.ARRIVAL)
                .by("MODALITY")
                .fromAddress("10.0.0.1")
                .with("way", "c-store")
                .with("attachment", UUID.randomUUID())
                .with("key", UUID.randomUUID());
    }
}
