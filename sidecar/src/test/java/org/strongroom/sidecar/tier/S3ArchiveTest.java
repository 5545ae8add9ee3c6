package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.tier.ArchiveClasses.Place;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.s3.S3Client;

/** What is asked of S3's archive classes, and what their answers mean. */
final class S3ArchiveTest {
    private static final String PACK = "packs/00112233445566778899aabbccddeeff";
    private static final String COMPANION = "heads/00112233445566778899aabbccddeeff";
    private static final String KEY = "/clinic/p/" + PACK;
    private static final byte[] CONTENT = TierContract.random(3000, 21);
    private static final Duration KEPT = Duration.ofHours(49);

    @TempDir
    Path folder;

    private GlacierStandIn store;
    private OpenedTier opened;
    private Tier tier;
    private ArchiveClasses archive;

    @BeforeEach
    void open() throws Exception {
        store = new GlacierStandIn();
        Path credentials = Buckets.credentialsFile(folder, AwsBasicCredentials.create("key", "secret"));
        opened = new TierFactory(
                        Clock.systemUTC(),
                        pause -> {},
                        new Random(1),
                        new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(2)),
                        Uplink.unlimited())
                .open(
                        "cloud",
                        new TierSettings(
                                Optional.empty(),
                                false,
                                Optional.of(Buckets.settings(store.endpoint(), "clinic", credentials, "p")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        tier = opened.tier();
        archive = opened.archive().orElseThrow();
        tier.put(PACK, CONTENT);
    }

    @AfterEach
    void close() {
        opened.close();
        store.close();
    }

    private static void assertFails(FailureKind kind, String text, ThrowingCallable call) {
        StrongroomException failure = catchThrowableOfType(StrongroomException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.text()).contains(text);
    }

    private byte[] read(long offset, int length) throws IOException {
        try (InputStream in = tier.get(PACK, offset, length)) {
            return in.readAllBytes();
        }
    }

    @Test
    void anObjectMovesToAClassThatIsReadAtOnceAndFromThereToTheNext() throws Exception {
        assertThat(archive.storageClass(PACK)).isEqualTo("STANDARD");
        for (String next : List.of("STANDARD_IA", "STANDARD_IA", "GLACIER_IR")) {
            archive.move(PACK, next);
            assertThat(archive.storageClass(PACK)).isEqualTo(next);
            assertThat(archive.shelf(PACK).place()).isEqualTo(Place.AT_HAND);
            assertThat(read(0, 3000)).isEqualTo(CONTENT);
        }
        assertThat(store.copies)
                .as("a copy onto itself that changes nothing is refused by S3")
                .hasValue(2);
        store.versioning = "Enabled";
        assertFails(FailureKind.REFUSED, "keeps old versions", () -> archive.move(PACK, "STANDARD"));
        assertThat(archive.storageClass(PACK)).isEqualTo("GLACIER_IR");
    }

    @Test
    void anArchivedObjectIsThereAndCannotBeReadAndComesBackForAWhile() throws Exception {
        assertThat(archive.shelf(PACK).place()).isEqualTo(Place.AT_HAND);
        archive.move(PACK, "DEEP_ARCHIVE");
        archive.move(PACK, "DEEP_ARCHIVE");
        assertThat(archive.shelf(PACK)).isEqualTo(new ArchiveClasses.Shelf(Place.ARCHIVED, 3000, Optional.empty()));
        assertThat(tier.head(PACK)).contains(new Tier.ObjectInfo(PACK, 3000));
        assertFails(FailureKind.ARCHIVED, "archive class", () -> read(0, 10));
        assertThat(opened.meter().health().healthy()).isTrue();

        assertThat(archive.bringBack(PACK, Urgency.CLINICAL, KEPT)).isEqualTo(Duration.ofHours(12));
        assertThat(archive.bringBack(PACK, Urgency.BULK, KEPT)).isEqualTo(Duration.ofDays(2));
        assertThat(store.restores).hasSize(2);
        assertThat(store.restores.get(0)).contains("<Tier>Standard</Tier>", "<Days>3</Days>");
        assertThat(store.restores.get(1)).contains("<Tier>Bulk</Tier>");
        assertThat(archive.shelf(PACK).place()).isEqualTo(Place.COMING);
        assertFails(FailureKind.ARCHIVED, "archive class", () -> read(0, 10));

        store.arrives(KEY, "Fri, 21 Dec 2035 00:00:00 GMT");
        assertThat(archive.shelf(PACK))
                .isEqualTo(
                        new ArchiveClasses.Shelf(Place.BACK, 3000, Optional.of(Instant.parse("2035-12-21T00:00:00Z"))));
        assertThat(read(0, 3000)).isEqualTo(CONTENT);
    }

    @Test
    void whatIsTooLargeForOneCopyIsCopiedInParts() throws Exception {
        S3Settings settings = Buckets.settings(store.endpoint(), "clinic", folder.resolve("credentials"), "p");
        StoreClock clock = new StoreClock(Clock.systemUTC());
        S3Client client = S3Connection.open("cloud", settings, Uplink.unlimited(), S3Dialect.PLAIN, clock);
        try (S3Bucket bucket =
                new S3Bucket(client, client, settings, S3Dialect.PLAIN, new S3Failures("cloud", settings), 100)) {
            S3Archive small = new S3Archive(bucket, 1000, 1400);
            store.refusedPart = 2;
            assertFails(FailureKind.REFUSED, "", () -> small.move(PACK, "DEEP_ARCHIVE"));
            assertThat(store.uploads).as("nothing is left behind").isEmpty();
            assertThat(read(0, 3000)).isEqualTo(CONTENT);
            store.refusedPart = 0;
            small.move(PACK, "DEEP_ARCHIVE");
        }
        assertThat(store.uploads).isEmpty();
        assertThat(store.copied).containsExactly("bytes=0-1399", "bytes=0-1399", "bytes=1400-2799", "bytes=2800-2999");
        assertThat(archive.shelf(PACK)).isEqualTo(new ArchiveClasses.Shelf(Place.ARCHIVED, 3000, Optional.empty()));
        archive.bringBack(PACK, Urgency.BULK, KEPT);
        store.arrives(KEY, "Fri, 21 Dec 2035 00:00:00 GMT");
        assertThat(read(0, 3000)).isEqualTo(CONTENT);
    }

    @Test
    void whoeverWaitsIsServedInMinutesIfThereIsCapacity() {
        archive.move(PACK, "GLACIER");
        store.noCapacity = true;
        assertThat(archive.bringBack(PACK, Urgency.CLINICAL, KEPT)).isEqualTo(Duration.ofHours(5));
        store.noCapacity = false;
        assertThat(archive.bringBack(PACK, Urgency.CLINICAL, KEPT)).isEqualTo(Duration.ofMinutes(5));
        assertThat(store.restores).anySatisfy(request -> assertThat(request).contains("<Tier>Expedited</Tier>"));
    }

    @Test
    void aBucketThatKeepsVersionsIsLeftToARuleOfItsOwn() throws Exception {
        store.versioning = "Enabled";
        assertFails(FailureKind.REFUSED, "keeps old versions", () -> archive.move(PACK, "GLACIER"));
        assertThat(read(0, 3000)).isEqualTo(CONTENT);
    }

    @Test
    void whatTheCompanionRepeatsIsReadFromItAndItGoesWithItsPack() throws Exception {
        byte[] companion = new byte[76 + 500];
        System.arraycopy(CONTENT, 0, companion, 0, 76);
        System.arraycopy(CONTENT, 2500, companion, 76, 500);
        tier.put(COMPANION, companion);
        archive.move(PACK, "GLACIER");
        for (int[] range : new int[][] {{0, 76}, {75, 1}, {2500, 500}, {2500, 1}, {2999, 1}}) {
            assertThat(read(range[0], range[1]))
                    .isEqualTo(java.util.Arrays.copyOfRange(CONTENT, range[0], range[0] + range[1]));
        }
        for (int[] range : new int[][] {{0, 77}, {76, 1}, {2499, 1}, {2499, 2}}) {
            assertFails(FailureKind.ARCHIVED, "archive class", () -> read(range[0], range[1]));
        }
        tier.delete(PACK);
        assertThat(tier.head(COMPANION)).isEmpty();
    }

    @Test
    void whatIsAbsentIsNotArchived() {
        assertFails(FailureKind.NOT_FOUND, "does not have this object", () -> archive.shelf(COMPANION));
        assertFails(
                FailureKind.NOT_FOUND,
                "does not have this object",
                () -> archive.bringBack(COMPANION, Urgency.BULK, KEPT));
    }
}
