package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Tier.ObjectInfo;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.tier.Tier.Upload;

/** The obligations of {@link Tier}, shown on every implementation. Names are random, so that lanes may share a store. */
public abstract class TierContract {
    private final String folder = "contract-" + UUID.randomUUID().toString().substring(0, 8) + "/";
    protected Tier tier;

    /** A new handle on one and the same store. */
    protected abstract Tier open() throws Exception;

    /** Whether the store keeps a second {@code put} from replacing an object. */
    protected boolean refusesExisting() {
        return true;
    }

    /** Whether a part of an upload that is unknown is refused at once. */
    protected boolean refusesPartsOfUnknownUploads() {
        return true;
    }

    @BeforeEach
    void openTier() throws Exception {
        tier = open();
    }

    @AfterEach
    void closeTier() {
        tier.close();
    }

    @Test
    void whatWasPutComesBack() {
        byte[] content = random(100_000, 1);
        tier.put(name("a"), content);
        assertThat(tier.head(name("a"))).contains(new ObjectInfo(name("a"), content.length));
        assertThat(read("a", 0, content.length)).isEqualTo(content);
    }

    @Test
    void rangesAreExact() {
        byte[] content = random(70_000, 2);
        tier.put(name("ranges"), content);
        int[][] ranges = {
            {0, 1}, {0, 16_384}, {16_383, 2}, {16_384, 16_384}, {69_999, 1}, {1, 69_999}, {5, 0}, {70_000, 0}
        };
        for (int[] range : ranges) {
            assertThat(read("ranges", range[0], range[1]))
                    .as("%d+%d", range[0], range[1])
                    .isEqualTo(java.util.Arrays.copyOfRange(content, range[0], range[0] + range[1]));
        }
    }

    @Test
    void aRangeBeyondTheEndFails() {
        tier.put(name("short"), random(1000, 3));
        assertFails(FailureKind.CORRUPT, () -> read("short", 500, 501));
        assertFails(FailureKind.CORRUPT, () -> read("short", 1000, 1));
        assertFails(FailureKind.CORRUPT, () -> read("short", 5000, 1));
    }

    @Test
    void anEmptyObjectIsAnObject() {
        tier.put(name("empty"), new byte[0]);
        assertThat(tier.head(name("empty"))).contains(new ObjectInfo(name("empty"), 0));
        assertThat(read("empty", 0, 0)).isEmpty();
    }

    @Test
    void whatIsAbsentIsSaidToBeAbsent() {
        assertThat(tier.head(name("nothing"))).isEmpty();
        assertFails(FailureKind.NOT_FOUND, () -> read("nothing", 0, 10));
        assertFails(FailureKind.NOT_FOUND, () -> read("nothing", 0, 0));
        assertThat(list("nothing")).isEmpty();
        tier.delete(name("nothing"));
    }

    @Test
    void deletedIsAbsent() {
        tier.put(name("gone"), random(10, 4));
        tier.delete(name("gone"));
        assertThat(tier.head(name("gone"))).isEmpty();
        tier.delete(name("gone"));
    }

    @Test
    void aNameIsWrittenOnce() {
        assumeThat(refusesExisting()).as("the store can tell").isTrue();
        byte[] first = random(10, 5);
        tier.put(name("once"), first);
        assertFails(FailureKind.REFUSED, () -> tier.put(name("once"), random(10, 6)));
        assertThat(read("once", 0, 10)).isEqualTo(first);
    }

    @Test
    void ofManyWhoPutOneNameOneWins() throws Exception {
        assumeThat(refusesExisting()).as("the store can tell").isTrue();
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            byte[] content = {(byte) i};
            writers.add(() -> {
                try {
                    tier.put(name("race"), content);
                    return true;
                } catch (StrongroomException e) {
                    assertThat(e.kind()).isIn(FailureKind.REFUSED, FailureKind.UNAVAILABLE);
                    return false;
                }
            });
        }
        assertThat(together(writers)).containsOnlyOnce(true);
    }

    @Test
    void badNamesNeverReachTheStore() {
        for (String bad : List.of(
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "../a",
                "a/../b",
                "a/./b",
                ".uploads/x",
                "a b",
                "ä",
                "a\0",
                "a\\b",
                "a".repeat(256))) {
            assertFails(FailureKind.BUG, () -> tier.head(bad));
            assertFails(FailureKind.BUG, () -> tier.put(bad, new byte[1]));
            assertFails(FailureKind.BUG, () -> tier.begin(bad, 1));
            assertFails(FailureKind.BUG, () -> tier.delete(bad));
        }
        assertFails(FailureKind.BUG, () -> tier.list("../", info -> {}));
    }

    @Test
    void listsAreInOrderOfNames() {
        List<String> names = List.of("list/a", "list/a-b", "list/a.b", "list/b/c", "list/b/d/e", "list/b-c", "list/b0");
        names.forEach(each -> tier.put(name(each), random(each.length(), 7)));
        tier.put(name("lisu"), new byte[1]);
        List<String> sorted = names.stream().sorted().map(this::name).toList();
        assertThat(list("list/")).extracting(ObjectInfo::name).isEqualTo(sorted);
        assertThat(list("list/")).extracting(ObjectInfo::size).contains(6L, 8L, 10L);
        assertThat(list("list/b/")).hasSize(2);
        assertThat(list("list/b")).hasSize(4);
    }

    @Test
    void anObjectOfPartsIsThereOnlyWhenComplete() {
        byte[] content = random((int) (2 * partSize() + 123), 8);
        String upload = tier.begin(name("parts"), content.length);
        List<PartReceipt> receipts = new ArrayList<>();
        for (int number : new int[] {2, 1, 3}) { // in any order
            receipts.add(send("parts", upload, number, content));
        }
        receipts.sort(java.util.Comparator.comparingInt(PartReceipt::number));
        assertThat(tier.head(name("parts"))).isEmpty();
        assertThat(tier.uploads()).contains(new Upload(name("parts"), upload));
        tier.complete(name("parts"), upload, receipts);
        assertThat(read("parts", 0, content.length)).isEqualTo(content);
        assertThat(tier.uploads()).doesNotContain(new Upload(name("parts"), upload));
        tier.complete(name("parts"), upload, receipts);
        assertThat(read("parts", 0, content.length)).isEqualTo(content);
    }

    @Test
    void aDigestIsThatOfTheBytes() throws Exception {
        assertThat(tier.digest(name("digested"))).isEmpty();
        byte[] whole = random(3000, 77);
        tier.put(name("digested"), whole);
        assertDigest(name("digested"), whole);
        byte[] cut = random((11 << 20) + 5, 78);
        String upload = tier.begin(name("cut"), cut.length);
        List<PartReceipt> parts = new ArrayList<>();
        for (int at = 0; at < cut.length; at += 5 << 20) {
            byte[] part = Arrays.copyOfRange(cut, at, Math.min(cut.length, at + (5 << 20)));
            parts.add(tier.part(name("cut"), upload, parts.size() + 1, at, ByteSource.of(part), Md5.of(part)));
        }
        tier.complete(name("cut"), upload, parts);
        assertDigest(name("cut"), cut);
    }

    /** A store need not tell one. */
    private void assertDigest(String name, byte[] content) throws IOException {
        Optional<StoredDigest> digest = tier.digest(name);
        if (digest.isPresent()) {
            assertThat(digest.get().isOf(ByteSource.of(content))).isTrue();
            content[content.length - 1] ^= 1;
            assertThat(digest.get().isOf(ByteSource.of(content))).isFalse();
        }
    }

    @Test
    void anUploadIsResumedByAnotherHandle() throws Exception {
        byte[] content = random((int) (partSize() + 1), 9);
        String upload = tier.begin(name("resume"), content.length);
        PartReceipt first = send("resume", upload, 1, content);
        tier.close();
        tier = open();
        assertThat(tier.uploads()).contains(new Upload(name("resume"), upload));
        List<PartReceipt> held = tier.parts(name("resume"), upload).orElseThrow();
        assertThat(held).containsExactly(first);
        PartReceipt second = send("resume", upload, 2, content);
        tier.complete(name("resume"), upload, List.of(held.get(0), second));
        assertThat(read("resume", 0, content.length)).isEqualTo(content);
    }

    @Test
    void aPartSentAgainReplacesTheFirst() {
        byte[] content = random((int) partSize() + 3, 10);
        byte[] wrong = random((int) partSize() + 3, 11);
        String upload = tier.begin(name("again"), content.length);
        send("again", upload, 1, wrong);
        List<PartReceipt> receipts = List.of(send("again", upload, 1, content), send("again", upload, 2, content));
        assertThat(tier.parts(name("again"), upload)).contains(receipts);
        tier.complete(name("again"), upload, receipts);
        assertThat(read("again", 0, content.length)).isEqualTo(content);
    }

    @Test
    void onePartMayBeTiny() {
        for (int size : new int[] {0, 1}) {
            byte[] content = random(size, 12);
            String upload = tier.begin(name("tiny" + size), size);
            tier.complete(name("tiny" + size), upload, List.of(send("tiny" + size, upload, 1, content)));
            assertThat(tier.head(name("tiny" + size))).contains(new ObjectInfo(name("tiny" + size), size));
        }
    }

    @Test
    void bytesThatDifferFromTheirDigestAreNotTaken() {
        byte[] content = random(1000, 13);
        String upload = tier.begin(name("digest"), content.length);
        byte[] otherMd5 = Md5.of(random(1000, 14));
        assertFails(
                FailureKind.CORRUPT, () -> tier.part(name("digest"), upload, 1, 0, ByteSource.of(content), otherMd5));
        assertThat(tier.parts(name("digest"), upload).orElseThrow()).isEmpty();
    }

    @Test
    void bytesThatCannotBeReadAreNotTheTiersFailure() {
        String upload = tier.begin(name("source"), 1000);
        ByteSource failing = new ByteSource() {
            @Override
            public long size() {
                return 1000;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                throw new IOException("disk");
            }
        };
        assertThatThrownBy(() -> tier.part(name("source"), upload, 1, 0, failing, new byte[16]))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("the bytes to send cannot be read");
    }

    @Test
    void anAbortedUploadIsUnknown() {
        String upload = tier.begin(name("abort"), 5);
        PartReceipt receipt = send("abort", upload, 1, random(5, 15));
        tier.abort(name("abort"), upload);
        assertThat(tier.parts(name("abort"), upload)).isEmpty();
        assertThat(tier.uploads()).doesNotContain(new Upload(name("abort"), upload));
        assertFails(FailureKind.NOT_FOUND, () -> tier.complete(name("abort"), upload, List.of(receipt)));
        if (refusesPartsOfUnknownUploads()) {
            assertFails(FailureKind.NOT_FOUND, () -> send("abort", upload, 1, random(5, 15)));
        }
        tier.abort(name("abort"), upload);
        assertThat(tier.head(name("abort"))).isEmpty();
    }

    @Test
    void partsThatTheStoreDoesNotHoldDoNotComplete() {
        byte[] content = random((int) partSize() + 5, 16);
        String upload = tier.begin(name("missing"), content.length);
        PartReceipt first = send("missing", upload, 1, content);
        PartReceipt never = new PartReceipt(2, 5, first.tag());
        assertFails(FailureKind.NOT_FOUND, () -> tier.complete(name("missing"), upload, List.of(first, never)));
        assertThat(tier.head(name("missing"))).isEmpty();
    }

    @Test
    void partsMayBeSentTogether() throws Exception {
        byte[] content = random((int) (3 * partSize() + 77), 17);
        String upload = tier.begin(name("together"), content.length);
        List<Callable<PartReceipt>> senders = new ArrayList<>();
        for (int number = 1; number <= 4; number++) {
            int part = number;
            senders.add(() -> send("together", upload, part, content));
        }
        tier.complete(name("together"), upload, together(senders));
        assertThat(read("together", 0, content.length)).isEqualTo(content);
    }

    protected final String name(String simple) {
        return folder + simple;
    }

    protected final byte[] read(String simple, long offset, long length) {
        return read(tier, name(simple), offset, length);
    }

    static byte[] read(Tier tier, String name, long offset, long length) {
        try (InputStream in = tier.get(name, offset, length)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("a tier's streams fail with a StrongroomException", e);
        }
    }

    protected final List<ObjectInfo> list(String simplePrefix) {
        List<ObjectInfo> found = new ArrayList<>();
        tier.list(name(simplePrefix), found::add);
        return found;
    }

    protected final PartReceipt send(String simple, String upload, int number, byte[] whole) {
        int offset = (int) ((number - 1) * partSize());
        byte[] part = java.util.Arrays.copyOfRange(whole, offset, (int) Math.min(whole.length, offset + partSize()));
        return tier.part(name(simple), upload, number, offset, ByteSource.of(part), Md5.of(part));
    }

    protected final long partSize() {
        return Math.max(tier.minimumPartSize(), 1000);
    }

    protected static void assertFails(FailureKind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StrongroomException.class, e -> assertThat(e.kind())
                .as(e.getMessage())
                .isEqualTo(kind));
    }

    protected static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
