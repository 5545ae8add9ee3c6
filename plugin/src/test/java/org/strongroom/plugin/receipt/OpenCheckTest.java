package org.strongroom.plugin.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.ErrorBody;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.control.Work;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.offline.tier.PlayedTier;

/** What the plugin makes of a copy, asked over a real line. */
class OpenCheckTest {
    private static final String OBJECTS = "/v1/tiers/" + PlayedTier.NAME + "/objects/";

    @TempDir
    Path folder;

    private PlayedTier tier;
    private StandInSidecar sidecar;
    private Journal journal;

    @BeforeEach
    void serve() throws IOException {
        tier = new PlayedTier(folder);
        sidecar = new StandInSidecar().on("/", this::answer).begin(tier.home, tier.keyring.installation());
        reopenJournal();
    }

    private void reopenJournal() throws IOException {
        journal = Journal.open(
                tier.home.journal(),
                tier.keyring.home(),
                tier.keyring::signJournalHead,
                Clock.systemUTC(),
                entry -> {});
    }

    @AfterEach
    void stop() throws IOException {
        journal.close();
        sidecar.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring(OBJECTS.length());
            byte[] object = tier.objects.get(name);
            if (object == null) {
                fail(exchange, StrongroomException.of(FailureKind.NOT_FOUND, "no such object"));
                return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = 0;
            int to = object.length;
            if (range != null) {
                String[] ends = range.substring("bytes=".length()).split("-", 2);
                from = Integer.parseInt(ends[0]);
                to = Math.min(object.length, Integer.parseInt(ends[1]) + 1);
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + object.length);
            }
            try {
                tier.requireReadable(name, from, to - from);
            } catch (StrongroomException e) {
                fail(exchange, e);
                return;
            }
            exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
            exchange.getResponseBody().write(Arrays.copyOfRange(object, from, to));
        }
    }

    private static void fail(HttpExchange exchange, StrongroomException e) throws IOException {
        byte[] body = ControlJson.write(ErrorBody.of(e));
        exchange.sendResponseHeaders(ErrorBody.status(e.kind()), body.length);
        exchange.getResponseBody().write(body);
    }

    @Test
    void whatOpensIsJournaledAsGenuine() throws IOException {
        tier.ship("1.2.1", 2);
        check(bundles().get(0));
        journal.close();
        List<JournalType> after = new ArrayList<>();
        Journal.read(tier.home.journal(), tier.keyring.home(), (entry, chain) -> after.add(entry.type()));
        assertThat(after).containsExactly(JournalType.BUNDLE, JournalType.PACK);
    }

    @Test
    void aBundleThatIsOlderThanTheKeyIsStaleAndNothingIsJournaled() throws IOException {
        tier.ship("1.2.1", 1);
        String old = bundles().get(0);
        tier.ship("1.2.2", 1);
        String newer = bundles().get(1);
        tier.objects.put(newer, tier.objects.get(old));
        assertFails(FailureKind.STALE, newer);
        assertThat(journal.sequence()).isZero();
    }

    /** The pack opens, but not with what the tier holds. */
    @Test
    void withoutItsBundleOrWithADamagedOneThereIsNoReceipt() throws IOException {
        tier.ship("1.2.1", 1);
        String name = bundles().get(0);
        byte[] good = tier.objects.remove(name);
        assertFails(FailureKind.NOT_FOUND, name);
        for (int at = 0; at < good.length; at += 7) {
            tier.objects.put(name, damaged(good, at, 1));
            assertFails(FailureKind.CORRUPT, name);
        }
        assertThat(journal.sequence()).isZero();
        tier.objects.put(name, good);
        check(name);
    }

    /** A tier that was away, or a snapshot of it that came back, after the root key was changed: the pack is as good as it was. */
    @Test
    void aBundleUnderAFormerRootKeyIsStaleAndTheWrongWrapToTheRecoveryKeyCorrupt() throws IOException {
        tier.ship("1.2.1", 1);
        String name = bundles().get(0);
        byte[] good = tier.objects.get(name);
        tier.objects.put(name, rewrapped(good, true, false));
        assertFails(FailureKind.STALE, name);
        tier.objects.put(name, rewrapped(good, true, true));
        assertFails(FailureKind.CORRUPT, name);
        assertThat(journal.sequence()).isZero();
        tier.objects.put(name, good);
        check(name);
    }

    private static byte[] rewrapped(byte[] bundle, boolean bySource, boolean toRecovery) {
        KeyBundle before = KeyBundle.decode(bundle);
        List<KeyRecord> records = new ArrayList<>(before.records());
        TenantWraps wraps = TenantWraps.decode(records.get(0).payload());
        records.set(
                0,
                new KeyRecord(
                        records.get(0).label(),
                        new TenantWraps(flipped(wraps.bySource(), bySource), flipped(wraps.toRecovery(), toRecovery))
                                .encode()));
        return new KeyBundle(before.installation(), records).encode();
    }

    private static byte[] flipped(byte[] wrap, boolean flip) {
        wrap[wrap.length - 1] ^= (byte) (flip ? 1 : 0);
        return wrap;
    }

    @Test
    void aDamagedRecordInTheKeyringIsNoFaultOfTheCopy() throws IOException {
        tier.ship("1.2.1", 1);
        tier.keyring.close();
        Path records = tier.home.keyring().resolve("records").resolve("00000001.strk");
        byte[] damaged = Files.readAllBytes(records);
        damaged[damaged.length - 5] ^= 1;
        Files.write(records, damaged);
        assertFails(FailureKind.UNAVAILABLE, bundles().get(0));
        assertThat(journal.sequence()).isZero();
    }

    @Test
    void anArchivedPackIsReceivedAgainIfTheJournalKnowsItAndNotOtherwise() throws IOException {
        String pack = tier.ship("1.2.1", 2);
        tier.archive(pack);
        assertFails(FailureKind.ARCHIVED, bundles().get(0));
        assertThat(journal.sequence()).isZero();
        PackLayout layout =
                PackReader.open(ByteSource.of(tier.objects.get(pack))).layout();
        journal.pack(layout.prologue().pack(), Sha256.of(new byte[1]));
        assertFails(FailureKind.ARCHIVED, bundles().get(0));
        journal.pack(layout.prologue().pack(), layout.footer().digest());
        journal.close(); // signs its head
        reopenJournal();
        check(bundles().get(0));
    }

    @Test
    void thePackOfAnotherInstallationIsCorrupt() throws IOException {
        tier.ship("1.2.1", 1);
        PlayedTier other = new PlayedTier(Files.createDirectory(folder.resolve("other")));
        String theirs = other.ship("1.2.1", 1);
        PackLine ours = tier.packs.get(0);
        tier.objects.put(PackPrologue.objectName(ours.pack()), other.objects.get(theirs));
        assertFails(FailureKind.CORRUPT, bundles().get(0));
        assertThat(journal.sequence()).isZero();
    }

    /** Whoever keeps the beginning of everything, and not the rest, is found out sooner or later: the places are other ones each time. */
    @Test
    void threeChunksOfBodiesAreOpenedAtPlacesThatNobodyForesees() throws IOException {
        String pack = tier.ship("1.2.1", 2);
        byte[] whole = tier.objects.get(pack);
        List<PackMember> members =
                PackReader.open(ByteSource.of(whole)).layout().index().members();
        for (PackMember member : members) {
            tier.objects.put(pack, damaged(whole, member.bodyOffset(), member.bodyLength()));
            assertThat(found()).as("one body of two; a chunk alone finds fewer").isBetween(20, 24);
            tier.objects.put(pack, damaged(whole, member.bodyOffset() + member.bodyLength() - 1, 1));
            assertThat(found()).as("the last chunk of one body").isBetween(1, 16);
        }
        assertThat(journal.sequence()).as("what opened").isPositive();
    }

    @Test
    void aHeadIsOpenedToo() throws IOException {
        String pack = tier.ship("1.2.1", 2);
        byte[] damaged = tier.objects.get(pack);
        for (PackMember member :
                PackReader.open(ByteSource.of(damaged)).layout().index().members()) {
            damaged = damaged(damaged, member.headOffset() + member.headLength() - 1, 1);
        }
        tier.objects.put(pack, damaged);
        assertFails(FailureKind.CORRUPT, bundles().get(0));
        assertThat(journal.sequence()).isZero();
    }

    private static byte[] damaged(byte[] object, long from, long length) {
        byte[] damaged = object.clone();
        for (long at = from; at < from + length; at++) {
            damaged[(int) at] ^= 1;
        }
        return damaged;
    }

    /** Of 24 checks, how many find the copy corrupt. */
    private int found() throws IOException {
        int found = 0;
        SplittableRandom seeds = new SplittableRandom(1); // neighbouring seeds of Random begin alike
        for (int i = 0; i < 24; i++) {
            try {
                check(bundles().get(0), new Random(seeds.nextLong()));
            } catch (StrongroomException e) {
                assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT);
                found++;
            }
        }
        return found;
    }

    private List<String> bundles() {
        return tier.objects.keySet().stream()
                .filter(name -> name.startsWith("keys/"))
                .toList();
    }

    private void check(String bundle) throws IOException {
        check(bundle, new Random(1));
    }

    private void check(String bundle, Random random) throws IOException {
        PackLine pack = tier.packs.get(tier.packs.size() - 1);
        new OpenCheck(() -> ControlClient.connect(tier.home), tier.keyring, journal, random)
                .check(new Work.OpenCheck("1", PlayedTier.NAME, pack.pack(), pack.bytes(), bundle));
    }

    private void assertFails(FailureKind kind, String bundle) {
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> check(bundle))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
