package org.strongroom.tests.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.strongroom.core.format.v1.PackIndex;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.sidecar.ledger.Arrival;
import org.strongroom.sidecar.ledger.CopyRow;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.tier.Tier.PartReceipt;

/**
 * A process of its own with one ledger, so that its memory can be seen. It does with every study what the sidecar does between
 * arrival and receipt, in as many transactions, and prints what it took; a line of standard input asks for a study.
 */
final class LedgerTrial {
    private static final int STATUS_ROUNDS = 5;

    private final SplittableRandom random =
            new SplittableRandom(ProcessHandle.current().pid());
    private final Ledger ledger;
    private final FileTable files;
    private final StudyTable studies;
    private final PackTable packs;
    private final CopyTable copies;

    private LedgerTrial(Ledger ledger) {
        this.ledger = ledger;
        this.files = new FileTable(ledger);
        this.studies = new StudyTable(ledger);
        this.packs = new PackTable(ledger);
        this.copies = new CopyTable(ledger);
    }

    /** Argument: the ledger's file. Prints seconds: first to open, then of each study, of its processor time, and of a status. */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        try (Ledger ledger = Ledger.open(Path.of(arguments[0]), Instant.now());
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(Load.since(start));
            LedgerTrial trial = new LedgerTrial(ledger);
            while (orders.readLine() != null) {
                System.out.println(trial.study() + " " + trial.status());
            }
        }
    }

    private String study() {
        LedgerStudy drawn = LedgerStudy.draw(random, LedgerRows.MEMBERS);
        Instant now = Instant.now();
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        arrive(drawn, now);
        PackRow pack = plan(drawn, now);
        receive(pack, now);
        settle(pack);
        return Load.since(start) + " " + (cpuSeconds() - cpu);
    }

    private double status() {
        long start = System.nanoTime();
        for (int i = 0; i < STATUS_ROUNDS; i++) {
            Totals.of(ledger);
        }
        return Load.since(start) / STATUS_ROUNDS;
    }

    /** Folder by folder of the spool, as Intake does it. */
    private void arrive(LedgerStudy drawn, Instant now) {
        Map<Integer, List<Arrival>> shards = drawn.headers().stream()
                .map(header -> new Arrival(header, drawn.bytes(), now, Place.SPOOL))
                .collect(Collectors.groupingBy(LedgerTrial::shard));
        shards.forEach((shard, arrivals) -> {
            Set<UUID> known = files.spooled(shard);
            require(known.isEmpty() && files.add(arrivals).isEmpty());
        });
    }

    private PackRow plan(LedgerStudy drawn, Instant now) {
        List<StudyRow> ready = studies.ready(now.plusSeconds(1), Long.MAX_VALUE);
        require(ready.size() == 1 && ready.get(0).key().equals(drawn.key()));
        List<PackLayout.Piece> pieces = new ArrayList<>();
        for (FileRow file : packs.waiting(ready.get(0).id(), PackIndex.MAX_MEMBERS)) {
            pieces.add(new PackLayout.Piece(file.header(), file.bodyLength(), digest(), digest()));
        }
        require(pieces.size() == drawn.headers().size());
        return packs.plan(PackLayout.of(new UUID(random.nextLong(), random.nextLong()), pieces), now);
    }

    private void receive(PackRow pack, Instant now) {
        CopyRow copy = copies.nextArrived(LedgerRows.TIER, 0, Instant.EPOCH).orElseThrow();
        require(copy.pack() == pack.id());
        packs.layout(pack);
        copies.uploading(copy, "upload");
        copies.part(copy, new PartReceipt(1, pack.bytes(), "tag"));
        copies.uploaded(copy);
        copies.checked(copy, "bundle", now);
        require(copies.checked(LedgerRows.TIER, 1).size() == 1);
        copies.received(copy, now);
    }

    private void settle(PackRow pack) {
        require(copies.of(pack.id()).size() == 1);
        List<Long> moved =
                packs.members(pack.id()).stream().map(MemberRow::file).toList();
        files.moved(moved, Place.CACHE);
        packs.settled(pack.id(), true);
    }

    private static int shard(Arrival arrival) {
        SealedHeader header = arrival.header();
        return (int) (header.attachment().getMostSignificantBits() >>> 56);
    }

    private Sha256 digest() {
        byte[] drawn = new byte[Sha256.SIZE];
        random.nextBytes(drawn);
        return new Sha256(drawn);
    }

    /** Of this thread, in which SQLite works too. */
    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    private static void require(boolean asExpected) {
        if (!asExpected) {
            throw new IllegalStateException("the ledger does not say what was written");
        }
    }
}
