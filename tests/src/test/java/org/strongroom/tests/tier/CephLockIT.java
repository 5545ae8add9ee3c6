package org.strongroom.tests.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.S3LockSettings;
import org.strongroom.sidecar.tier.Buckets;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.S3Tier;
import org.strongroom.sidecar.tier.Tier;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Locks, versions and credentials of their own for deleting, on Ceph. */
final class CephLockIT {
    private static final Duration PERIOD = Duration.ofSeconds(8);
    private static final byte[] RIGHT = "the right bytes".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WRONG = "wrong".getBytes(StandardCharsets.US_ASCII);
    private static final String PACK = "packs/aa/pack.strp";

    private static CephServer ceph;
    private static S3Client admin;
    private static Path adder;
    private static int buckets;

    @BeforeAll
    static void start() {
        ceph = new CephServer();
        admin = Buckets.client(ceph.endpoint(), ceph.credentials());
        adder = ceph.user("adder");
    }

    @AfterAll
    static void stop() {
        admin.close();
        ceph.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"governance", "compliance"})
    void whatIsLockedStaysUntilTheDateThatIsTold(String mode) throws IOException {
        String bucket = lockable();
        try (Tier tier = locked(bucket, ceph.credentialsFile(), mode)) {
            upload(tier, PACK, RIGHT);
            tier.put("keys/bundle", RIGHT);
            Instant until = null;
            for (String name : List.of(PACK, "keys/bundle")) {
                StrongroomException refusal = catchThrowableOfType(StrongroomException.class, () -> tier.delete(name));
                assertThat(refusal.kind()).isEqualTo(FailureKind.REFUSED);
                until = Locked.until(refusal).orElseThrow();
                assertThat(Duration.between(Instant.now(), until))
                        .isBetween(Duration.ofSeconds(1), PERIOD.plusSeconds(2));
                assertThat(tier.isHidden(name)).as("no mark was left").isFalse();
                assertThat(read(tier, name)).isEqualTo(RIGHT);
            }
            await().atMost(PERIOD.multipliedBy(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .ignoreExceptionsInstanceOf(StrongroomException.class)
                    .untilAsserted(() -> tier.delete(PACK));
            assertThat(Instant.now()).isAfterOrEqualTo(until.minusSeconds(3));
            assertThat(versions(bucket, PACK)).isZero();
        }
    }

    @Test
    void aLockIsMadeLongerWhileTheObjectIsWanted() throws Exception {
        String bucket = lockable();
        try (Tier tier = locked(bucket, ceph.credentialsFile(), "governance")) {
            tier.put("packs/kept", RIGHT);
            tier.put("journal/1-1-a", RIGHT);
            Instant first = tier.keep("packs/kept");
            assertThat(tier.keep("packs/kept")).as("half of it is left").isEqualTo(first);
            await().atMost(PERIOD).until(() -> tier.keep("packs/kept").isAfter(first.plusSeconds(2)));
            assertThat(read(tier, "packs/kept")).isEqualTo(RIGHT);
            assertThat(versions(bucket, "packs/kept")).isEqualTo(1);

            assertThat(tier.keep("journal/1-1-a")).isAfter(Instant.now().plus(PERIOD.dividedBy(2)));
            assertThat(Locked.until(
                            catchThrowableOfType(StrongroomException.class, () -> tier.delete("journal/1-1-a"))))
                    .isPresent();
            tier.put("journal/1-2-b", RIGHT);
            tier.delete("journal/1-2-b"); // a copy that another one takes the place of within minutes
            assertThat(versions(bucket, "journal/1-2-b")).isZero();
        }
    }

    @Test
    void locksAreDatedByTheStoresClock() {
        String bucket = lockable();
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
        try (Tier tier = locked(bucket, ceph.credentialsFile(), "governance", behind)) {
            tier.put(PACK, RIGHT);
            assertThat(tier.keep(PACK))
                    .isBetween(Instant.now(), Instant.now().plus(PERIOD).plusSeconds(3));
        }
        Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofDays(3000));
        try (Tier tier = locked(bucket, ceph.credentialsFile(), "governance", wrong)) {
            assertThatThrownBy(() -> tier.put("packs/later", RIGHT)).hasMessageContaining("clocks");
            assertThat(tier.head("packs/later")).isEmpty();
        }
    }

    @Test
    void whatWasHiddenIsRevealedAndWhatWasOverwrittenIsTakenBack() throws IOException {
        String bucket = lockable();
        try (Tier tier = locked(bucket, ceph.credentialsFile(), "governance")) {
            tier.put(PACK, RIGHT);
            admin.deleteObject(each -> each.bucket(bucket).key("p/" + PACK));
            admin.deleteObject(each -> each.bucket(bucket).key("p/" + PACK));
            assertThat(tier.head(PACK)).isEmpty();
            assertThat(tier.isHidden(PACK)).isTrue();
            assertThat(tier.isHidden("packs/never")).isFalse();
            tier.put("packs/seen", RIGHT);
            tier.put("packs/seen-again", RIGHT);
            admin.deleteObject(each -> each.bucket(bucket).key("p/packs/seen-again"));
            admin.putObject(each -> each.bucket(bucket).key("p/packs/seen-again"), RequestBody.fromBytes(RIGHT));
            assertThat(tier.hidden("packs/")).containsExactly(PACK);
            assertThat(tier.hidden("keys/")).isEmpty();
            tier.reveal(PACK);
            assertThat(tier.hidden("packs/")).isEmpty();
            assertThat(read(tier, PACK)).isEqualTo(RIGHT);

            admin.putObject(each -> each.bucket(bucket).key("p/" + PACK), RequestBody.fromBytes(WRONG));
            assertThat(read(tier, PACK)).isEqualTo(WRONG);
            tier.withdraw(PACK);
            assertThat(read(tier, PACK)).isEqualTo(RIGHT);

            tier.withdraw(PACK); // locked: it is hidden, and its name is free
            assertThat(tier.head(PACK)).isEmpty();
            upload(tier, PACK, RIGHT);
            assertThat(read(tier, PACK)).isEqualTo(RIGHT);
            assertThat(versions(bucket, PACK)).isEqualTo(3);
        }
    }

    @Test
    void aDeleteInABucketWithVersionsLeavesNoneOfThem() throws IOException {
        String bucket = bucket();
        admin.putBucketVersioning(each -> each.bucket(bucket)
                .versioningConfiguration(versions -> versions.status(BucketVersioningStatus.ENABLED)));
        try (Tier tier = S3Tier.open(
                "cloud",
                Buckets.settings(ceph.endpoint(), bucket, ceph.credentialsFile(), "p"),
                Uplink.unlimited(),
                InstantSource.system())) {
            tier.put(PACK, RIGHT);
            tier.put(PACK + "-other", RIGHT);
            admin.putObject(each -> each.bucket(bucket).key("p/" + PACK + "-other"), RequestBody.fromBytes(RIGHT));
            assertThat(tier.lingering("packs/"))
                    .as("put twice, as when an answer is lost")
                    .isEmpty();
            admin.putObject(each -> each.bucket(bucket).key("p/" + PACK), RequestBody.fromBytes(WRONG));
            assertThat(tier.lingering("packs/"))
                    .as("what somebody wrote over is there")
                    .contains(new Tier.Lingering(1, Optional.empty()));
            admin.deleteObject(each -> each.bucket(bucket).key("p/" + PACK));
            tier.delete(PACK);
            assertThat(tier.lingering("packs/")).isEmpty();
            assertThat(versions(bucket, PACK)).as("those of the other").isEqualTo(2);
            assertThat(read(tier, PACK + "-other")).isEqualTo(RIGHT);
            assertThat(tier.examine(Optional.empty()).found()).containsEntry("versions", "kept");
            assertThat(tier.lockPeriod()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutObjectLockNothingIsPut(boolean versions) {
        String bucket = bucket();
        if (versions) {
            admin.putBucketVersioning(each -> each.bucket(bucket)
                    .versioningConfiguration(status -> status.status(BucketVersioningStatus.ENABLED)));
        }
        try (Tier tier = locked(bucket, ceph.credentialsFile(), "governance")) {
            assertThatThrownBy(() -> tier.put("tier.id", RIGHT)).hasMessageContaining("the bucket has no object lock");
            assertThatThrownBy(() -> tier.begin(PACK, 5)).hasMessageContaining("the bucket has no object lock");
            assertThat(tier.head("tier.id")).isEmpty();
            assertThat(tier.examine(Optional.empty()).missing())
                    .singleElement()
                    .satisfies(missing -> assertThat(missing).hasMessageContaining("the bucket has no object lock"));
        }
    }

    @Test
    void aTrialLeavesNothingThatCannotBeRemoved() {
        String bucket = lockable();
        for (int start = 0; start < 2; start++) {
            try (Tier tier = locked(bucket, ceph.credentialsFile(), "compliance")) {
                tier.put("packs/" + start, RIGHT);
                assertThat(tier.examine(Optional.empty()).missing()).isEmpty();
                assertThat(tier.examine(Optional.empty()).found())
                        .containsEntry("object lock", "enforced")
                        .containsKey("conditional put");
            }
        }
        assertThat(admin.listObjectVersions(each -> each.bucket(bucket).prefix("p/probe-"))
                        .versions())
                .hasSizeBetween(2, 4)
                .extracting(probe -> admin.headObject(
                                each -> each.bucket(bucket).key(probe.key()).versionId(probe.versionId()))
                        .objectLockRetainUntilDate())
                .filteredOn(end -> end != null)
                .hasSize(2)
                .allSatisfy(end -> assertThat(end).isBefore(Instant.now().plusSeconds(70)));
    }

    @Test
    void whoMayOnlyAddNeedsAnotherForDeleting() throws IOException {
        String bucket = lockable();
        ceph.allowToAdd(bucket, "adder");
        S3Client burglar = Buckets.client(ceph.endpoint(), CephServer.credentials(adder));
        try (burglar;
                Tier tier = S3Tier.open(
                        "cloud",
                        Buckets.settings(ceph.endpoint(), bucket, adder, "p"),
                        Uplink.unlimited(),
                        InstantSource.system());
                Tier deleting = S3Tier.open(
                        "cloud",
                        Buckets.locked(
                                ceph.endpoint(),
                                bucket,
                                adder,
                                "p",
                                Optional.empty(),
                                Optional.of(ceph.credentialsFile())),
                        Uplink.unlimited(),
                        InstantSource.system());
                Tier locking = locked(bucket, adder, "governance")) {
            tier.put("packs/a", RIGHT);
            upload(locking, "packs/b", RIGHT);
            for (String name : List.of("packs/a", "packs/b")) {
                assertThatThrownBy(() ->
                                burglar.deleteObject(each -> each.bucket(bucket).key("p/" + name)))
                        .isInstanceOf(S3Exception.class);
            }
            StrongroomException refusal = catchThrowableOfType(StrongroomException.class, () -> tier.delete("packs/a"));
            assertThat(refusal.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(refusal.cure()).contains("DeleterCredentialsFile");
            assertThat(Locked.until(refusal)).isEmpty();
            assertThat(read(tier, "packs/a")).isEqualTo(RIGHT);

            deleting.delete("packs/a");
            assertThat(versions(bucket, "packs/a")).isZero();
            assertThat(Locked.until(catchThrowableOfType(StrongroomException.class, () -> locking.delete("packs/b"))))
                    .as("the lock is named, not the right")
                    .isPresent();
        }
    }

    private static Tier locked(String bucket, Path credentials, String mode) {
        return locked(bucket, credentials, mode, InstantSource.system());
    }

    private static Tier locked(String bucket, Path credentials, String mode, InstantSource clock) {
        return S3Tier.open(
                "cloud",
                Buckets.locked(
                        ceph.endpoint(),
                        bucket,
                        credentials,
                        "p",
                        Optional.of(new S3LockSettings(mode, PERIOD)),
                        Optional.empty()),
                Uplink.unlimited(),
                clock);
    }

    private static void upload(Tier tier, String name, byte[] content) {
        String upload = tier.begin(name, content.length);
        byte[] md5 = md5(content);
        tier.complete(name, upload, List.of(tier.part(name, upload, 1, 0, ByteSource.of(content), md5)));
    }

    private static byte[] md5(byte[] content) {
        try {
            return java.security.MessageDigest.getInstance("MD5").digest(content);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] read(Tier tier, String name) throws IOException {
        try (var in = tier.get(name, 0, tier.head(name).orElseThrow().size())) {
            return in.readAllBytes();
        }
    }

    /** Versions and marks. */
    private static int versions(String bucket, String name) {
        var found = admin.listObjectVersions(each -> each.bucket(bucket).prefix("p/" + name));
        return found.versions().size() + found.deleteMarkers().size();
    }

    private static String lockable() {
        String bucket = "locked-" + ++buckets;
        Buckets.makeLockable(ceph.endpoint(), ceph.credentials(), bucket);
        return bucket;
    }

    private static String bucket() {
        String bucket = "open-" + ++buckets;
        Buckets.make(ceph.endpoint(), ceph.credentials(), bucket);
        return bucket;
    }
}
