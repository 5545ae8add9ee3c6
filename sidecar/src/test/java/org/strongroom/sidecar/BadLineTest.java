package org.strongroom.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.settings.Watermark;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.audit.AuditRules;
import org.strongroom.sidecar.evict.CacheRules;
import org.strongroom.sidecar.fetch.FetchRules;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.marker.Agreement;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.pack.PackRules;
import org.strongroom.sidecar.purge.ForgetRules;
import org.strongroom.sidecar.scrub.ScrubRules;
import org.strongroom.sidecar.ship.TierWorker;
import org.strongroom.sidecar.snapshot.SnapshotRules;
import org.strongroom.sidecar.tier.BreakingTier;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.sidecar.tier.DirectoryTier;
import org.strongroom.sidecar.tier.MeasuredLine;
import org.strongroom.sidecar.tier.MemoryTier;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.RetryPolicy;
import org.strongroom.sidecar.tier.RetryingTier;
import org.strongroom.sidecar.tier.S3ProxyStore;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.tier.TierFactory;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;

/** A line of 512 kbit/s that is cut every minute and a half, in a world where time runs faster. */
class BadLineTest {
    private static final long LINE = 64_000;

    @TempDir
    Path folder;

    private Uplink uplink = Uplink.unlimited();
    private Rooms rooms;
    private Spool spool;

    private RunningTime fast(int times) {
        RunningTime real = RunningTime.system();
        return () -> real.now().multipliedBy(times);
    }

    private static Sleeper fastSleeper(int times) {
        return pause -> Sleeper.SYSTEM.sleep(pause.dividedBy(times));
    }

    /** Ships one study through {@code tier} alone, round by round as {@link Rounds} would; returns its pack's size. */
    private long ship(Tier tier, RunningTime time, int... sizes) throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        UUID installation = UUID.randomUUID();
        MarkedTier marked = new MarkedTier(
                tier,
                Optional.empty(),
                installation,
                Optional::empty,
                () -> true,
                true,
                new Agreement(tier.name(), Optional.empty(), false, Clock.systemUTC()),
                time);
        marked.mark();
        Rules rules = new Rules(
                new PackRules(Duration.ofSeconds(60), 1L << 30),
                new CacheRules(Long.MAX_VALUE, 1L << 40, false, true),
                new FetchRules(Duration.ofSeconds(20), 8, true),
                new ForgetRules(Duration.ofDays(30), 1000),
                new ScrubRules(true, Duration.ofDays(90), 1L << 40),
                new AuditRules(1000, Duration.ofSeconds(30), Duration.ofMinutes(4), Duration.ofHours(1)),
                new SnapshotRules(Duration.ofHours(24), 7),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Watermark.parse("1 B"),
                Duration.ofDays(365),
                Optional.empty(),
                List.of());
        try (Rooms opened = new Rooms(
                home,
                installation,
                rules,
                new Tiers(List.of(marked), 0),
                uplink,
                Clock.systemUTC(),
                time,
                Sleeper.SYSTEM)) {
            rooms = opened;
            spool = new Spool(home, installation, 11);
            TierWorker worker = rooms.tierRooms.get(0).worker;
            while (worker.step()) {
                // an empty tier is soon listed
            }
            spool.study(UUID.randomUUID(), sizes);
            rooms.plan(true);
            PackRow row = rooms.packs.unsettled(0, 1).get(0);
            long pack = row.bytes();
            boolean more = true;
            while (more) {
                try {
                    more = worker.step();
                } catch (StrongroomException e) {
                    assertThat(e.kind().retryable()).as(e.toString()).isTrue();
                }
            }
            try (InputStream in = tier.get(PackPrologue.objectName(row.pack()), 0, pack)) {
                in.skipNBytes(pack);
            }
            assertThat(tier.uploads()).isEmpty();
            assertThat(worker.bytesPerSecond()).isPresent();
            System.out.printf(
                    "pack %d, measured %d bytes/s%n",
                    pack, worker.bytesPerSecond().get());
            return pack;
        }
    }

    @Test
    @Timeout(300)
    void a_folder_gets_a_study_for_three_hundredths_more_than_its_size() throws Exception {
        Path directory = Files.createDirectory(folder.resolve("tier"));
        BreakingTier line = new BreakingTier(new DirectoryTier("near", directory), LINE, Duration.ofSeconds(90));
        Tier tier = new RetryingTier(line.tier(), RetryPolicy.DEFAULT, line.sleeper(), new Random(5));
        long pack = ship(tier, line.time(), 200_000_000);
        System.out.printf("sent %d, %.3f of the pack%n", line.sent(), (double) line.sent() / pack);
        assertThat(line.sent()).isLessThan((long) (1.03 * pack)).isGreaterThan(pack);
    }

    /** A store with large parts that may demand that they have one size; counts how many uploads were begun. */
    private static Tier coarse(Tier tier, boolean equal, AtomicInteger begun) {
        return coarse(tier, 100_000, equal, begun);
    }

    private static Tier coarse(Tier tier, long least, boolean equal, AtomicInteger begun) {
        return (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    if (method.getName().equals("minimumPartSize")) {
                        return least;
                    }
                    if (method.getName().equals("begin")) {
                        begun.incrementAndGet();
                    }
                    if (equal && method.getName().equals("complete")) {
                        List<?> parts = (List<?>) arguments[2];
                        if (parts.subList(0, parts.size() - 1).stream()
                                        .mapToLong(part -> ((Tier.PartReceipt) part).size())
                                        .distinct()
                                        .count()
                                > 1) {
                            throw StrongroomException.of(FailureKind.NOT_FOUND, "parts of one size, please");
                        }
                    }
                    try {
                        return method.invoke(tier, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * What became of a study on its way to a store whose least part takes 82 seconds of the line.
     *
     * @param sent how many times the pack
     * @param pauses for each second before a part how many uploads were begun by then
     */
    private record Outcome(double sent, Duration took, int cuts, List<Integer> pauses) {}

    /** @param pausing what happens while it is waited for a cut, told of all pauses so far */
    private Outcome toABucket(int bytes, Supplier<Duration> untilNextCut, Consumer<List<Integer>> pausing)
            throws Exception {
        BreakingTier line = new BreakingTier(new MemoryTier("near"), LINE, untilNextCut);
        AtomicInteger begun = new AtomicInteger();
        List<Integer> pauses = new ArrayList<>();
        uplink = new Uplink(Timetable.always(Rate.UNLIMITED), Clock.systemUTC(), line.time(), pause -> {
            line.sleeper().sleep(pause);
            pauses.add(begun.get());
            pausing.accept(pauses);
        });
        Tier retrying = new RetryingTier(line.tier(), RetryPolicy.DEFAULT, line.sleeper(), new Random(5));
        Duration start = line.time().now();
        long pack = ship(coarse(retrying, 5L << 20, false, begun), line.time(), bytes);
        Outcome outcome = new Outcome(
                (double) line.sent() / pack, line.time().now().minus(start), line.cuts(), List.copyOf(pauses));
        System.out.printf("sent %.3f of the pack in %s%n", outcome.sent(), outcome.took());
        return outcome;
    }

    @Test
    @Timeout(300)
    void a_bucket_gets_a_study_for_three_hundredths_more_than_its_size_where_cuts_come_in_a_rhythm() throws Exception {
        Outcome outcome = toABucket(200_000_000, () -> Duration.ofSeconds(90), pauses -> {});
        assertThat(outcome.sent()).isBetween(1.0, 1.03);
        assertThat(outcome.took()).as("3436 s without pauses").isLessThan(Duration.ofSeconds(3437));
    }

    /** What never waits sends as it would without a memory of cuts. */
    @Test
    @Timeout(300)
    void where_cuts_come_in_no_rhythm_nothing_waits_for_them() throws Exception {
        Random random = new Random(3);
        Outcome outcome =
                toABucket(100_000_000, () -> Duration.ofMillis(30_000 + random.nextInt(120_000)), pauses -> {});
        assertThat(outcome.cuts()).isGreaterThan(30);
        assertThat(outcome.pauses()).isEmpty();
    }

    @Test
    @Timeout(300)
    void what_is_urgent_does_not_wait_for_the_cut_that_another_pack_waits_for() throws Exception {
        Outcome outcome = toABucket(40_000_000, () -> Duration.ofSeconds(90), pauses -> {
            if (pauses.size() == 1) {
                urgent(1_000_000);
            }
        });
        assertThat(outcome.pauses()).startsWith(1, 2);
    }

    private void urgent(int bytes) {
        UUID key = UUID.randomUUID();
        try {
            spool.study(key, bytes);
            rooms.plan(true);
            rooms.studies.markUrgent(List.of(key), true, Clock.systemUTC().instant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** That says nothing of the tier, and what is told of the pack still holds. */
    @Test
    @Timeout(300)
    void a_pack_that_is_overtaken_before_a_byte_of_it_went_has_made_no_progress() throws Exception {
        List<Boolean> told = new ArrayList<>();
        toABucket(40_000_000, () -> Duration.ofSeconds(90), pauses -> {
            String problem = "ship/near/" + rooms.packs.find(1).orElseThrow().pack();
            int begun = pauses.get(pauses.size() - 1);
            boolean first = pauses.indexOf(begun) == pauses.size() - 1;
            if (first && begun == 1) {
                urgent(1_000);
            } else if (first && begun == 2) { // it went on, and waits for the same cut
                rooms.problems.raise(problem, FailureKind.UNAVAILABLE, "it does not get in", "See why");
                urgent(1_000);
            } else if (first && begun == 3) {
                told.add(rooms.problems.byName().containsKey(problem));
            }
        });
        assertThat(told).containsExactly(true);
    }

    /** A timetable says so each morning: of the part that is under way then no more may be left than a minute's. */
    @Test
    @Timeout(300)
    void a_part_that_a_falling_limit_makes_too_long_is_cut_anew() throws Exception {
        BreakingTier line = new BreakingTier(new MemoryTier("near"), 16 * LINE, Duration.ofDays(9));
        uplink = new Uplink(Timetable.always(Rate.UNLIMITED), Clock.systemUTC(), line.time(), line.sleeper());
        Tier slow = line.tier();
        List<Duration> fell = new ArrayList<>();
        List<Duration> begun = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        Tier tier = (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    if (method.getName().equals("part")) {
                        ByteSource content = (ByteSource) arguments[4];
                        if (!fell.isEmpty()) {
                            begun.add(line.time().now());
                            sizes.add(content.size());
                        }
                        arguments[4] = ByteSource.of(content.size(), (position, target, offset, length) -> {
                            if (fell.isEmpty() && line.sent() > 20_000_000) {
                                fell.add(line.time().now());
                                uplink.limit(
                                        new Rate(LINE),
                                        Clock.systemUTC().instant().plusSeconds(7200));
                            }
                            uplink.spend(length);
                            content.read(position, target, offset, length);
                        });
                    }
                    try {
                        return method.invoke(slow, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        long pack = ship(tier, line.time(), 60_000_000);
        assertThat(begun.get(0).minus(fell.get(0))).isLessThan(Duration.ofSeconds(20));
        assertThat(sizes.get(0)).isEqualTo(30 * LINE);
        assertThat(line.sent()).as("one part is sent again").isBetween(pack, pack + 16_000_000);
    }

    private long sentOnALineThatGetsWorse(boolean equal, AtomicInteger begun) throws Exception {
        BreakingTier line = new BreakingTier(new MemoryTier("near"), LINE, Duration.ofDays(9));
        line.getsWorse(24_000_000, Duration.ofSeconds(20));
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        try (Ledger ledger = Ledger.open(home.ledger(), Clock.systemUTC().instant())) {
            new TierTable(ledger).remember("line/near", Long.toString(LINE));
        }
        Tier tier =
                coarse(new RetryingTier(line.tier(), RetryPolicy.DEFAULT, line.sleeper(), new Random(5)), equal, begun);
        long pack = ship(tier, line.time(), 30_000_000);
        System.out.printf("sent %d, %.3f of the pack%n", line.sent(), (double) line.sent() / pack);
        return line.sent();
    }

    /** Sizes of the parts of a pack of 30 MB on a line whose limit drops to an eighth in the middle. */
    private List<Long> partsUnderALimitThatDrops(boolean equal) throws Exception {
        BreakingTier line = new BreakingTier(new MemoryTier("near"), LINE, Duration.ofDays(9));
        uplink = new Uplink(Timetable.always(Rate.UNLIMITED), Clock.systemUTC(), line.time(), line.sleeper());
        Tier coarse = coarse(line.tier(), equal, new AtomicInteger());
        List<Long> sizes = new ArrayList<>();
        Tier tier = (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    if (method.getName().equals("wantsEqualParts")) {
                        return equal;
                    }
                    if (method.getName().equals("part")) {
                        sizes.add(((ByteSource) arguments[4]).size());
                        if (line.sent() > 12_000_000) {
                            uplink.limit(
                                    new Rate(LINE / 8),
                                    Clock.systemUTC().instant().plusSeconds(3600));
                        }
                    }
                    try {
                        return method.invoke(coarse, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        ship(tier, line.time(), 30_000_000);
        return sizes;
    }

    @Test
    @Timeout(300)
    void the_next_part_follows_a_limit_that_drops() throws Exception {
        List<Long> sizes = partsUnderALimitThatDrops(false);
        assertThat(sizes).anySatisfy(size -> assertThat(size).isBetween(LINE * 29, LINE * 30));
        assertThat(sizes.get(sizes.size() - 2)).isEqualTo(LINE / 8 * 30L);
        assertThat(sizes.stream().limit(sizes.size() - 1L).distinct().count())
                .as("two changes: of what was not known, and of the limit")
                .isLessThanOrEqualTo(3);
    }

    @Test
    @Timeout(300)
    void a_store_that_is_known_to_want_parts_of_one_size_gets_them() throws Exception {
        List<Long> sizes = partsUnderALimitThatDrops(true);
        assertThat(sizes.stream().limit(sizes.size() - 1L).distinct()).hasSize(1);
    }

    @Test
    @Timeout(300)
    void what_is_nearly_sent_is_not_thrown_away_on_a_line_that_got_worse() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        assertThat(sentOnALineThatGetsWorse(false, begun)).isLessThan(50_000_000);
        assertThat(begun).hasValue(1);
    }

    @Test
    @Timeout(300)
    void a_store_that_wants_parts_of_one_size_gets_them_when_it_has_said_so() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        assertThat(sentOnALineThatGetsWorse(true, begun)).isGreaterThan(54_000_000);
        assertThat(begun).hasValue(2);
    }

    @Test
    @Timeout(300)
    void a_store_that_lost_an_upload_has_not_asked_for_parts_of_one_size() throws Exception {
        BreakingTier line = new BreakingTier(new MemoryTier("near"), LINE, Duration.ofDays(9));
        line.getsWorse(24_000_000, Duration.ofSeconds(20));
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        try (Ledger ledger = Ledger.open(home.ledger(), Clock.systemUTC().instant())) {
            new TierTable(ledger).remember("line/near", Long.toString(LINE));
        }
        AtomicInteger begun = new AtomicInteger();
        Tier coarse =
                coarse(new RetryingTier(line.tier(), RetryPolicy.DEFAULT, line.sleeper(), new Random(5)), false, begun);
        AtomicInteger completed = new AtomicInteger();
        Tier tier = (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    if (method.getName().equals("complete") && completed.incrementAndGet() == 1) {
                        coarse.abort((String) arguments[0], (String) arguments[1]);
                    }
                    try {
                        return method.invoke(coarse, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Duration[] waited = {Duration.ZERO};
        RunningTime time = () -> {
            waited[0] = waited[0].plus(completed.get() == 1 ? Duration.ofMinutes(1) : Duration.ZERO);
            return line.time().now().plus(waited[0]);
        };
        ship(tier, time, 30_000_000);
        assertThat(completed).hasValue(2);
        try (Ledger ledger = Ledger.open(home.ledger(), Clock.systemUTC().instant())) {
            assertThat(new TierTable(ledger).remembered("equal-parts/near")).isEmpty();
        }
    }

    @Test
    @Timeout(300)
    void a_bucket_loses_one_part_of_its_smallest_size_for_each_cut_at_most() throws Exception {
        int times = 40;
        long cutEvery = 5_000; // two parts and a half
        try (S3ProxyStore store = new S3ProxyStore("clinic");
                MeasuredLine line = new MeasuredLine(store.port(), LINE * times, cutEvery)) {
            TierSettings settings = new TierSettings(
                    Optional.empty(),
                    false,
                    Optional.of(Buckets.settings(
                            URI.create("http://127.0.0.1:" + line.port()),
                            "clinic",
                            store.credentialsFile(folder),
                            "p")),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            TierFactory factory = new TierFactory(
                    Clock.systemUTC(), fastSleeper(times), new Random(5), RetryPolicy.DEFAULT, Uplink.unlimited());
            try (OpenedTier opened = factory.open("cloud", settings)) {
                long pack = ship(opened.tier(), fast(times), 30_000_000);
                System.out.printf(
                        "sent %d, %.3f of the pack, %d cuts%n",
                        line.bytes(), (double) line.bytes() / pack, line.cuts());
                assertThat(line.cuts()).isPositive();
                assertThat(line.bytes()).isLessThan(pack + line.cuts() * (5L << 20) + 100_000);
            }
        }
    }
}
