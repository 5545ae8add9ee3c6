package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Tier.Lingering;
import org.strongroom.sidecar.uplink.Uplink;

/** What an account keeps that deletes nothing at once. Azure itself was not tried: {@link VersionedAccount} is written from its reference. */
class AzureVersionsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");
    private static final String KEY = "keys/0-1";
    private static final byte[] FIRST = bytes("first");

    @TempDir
    Path folder;

    private VersionedAccount account;
    private Tier tier;

    @BeforeEach
    void open() throws IOException {
        account = new VersionedAccount();
        Path key = Files.writeString(folder.resolve("key"), "a2V5\n");
        tier = AzureTier.open(
                "cloud",
                Containers.settings(account.endpoint(), "clinic", key, "images", "p"),
                Uplink.unlimited(),
                InstantSource.fixed(NOW));
        tier.put(KEY, FIRST);
        tier.put(KEY + "0", FIRST); // its name begins like the other's
    }

    @AfterEach
    void close() {
        tier.close();
        account.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] read(String object) throws IOException {
        long size = tier.head(object).orElseThrow().size();
        try (InputStream in = tier.get(object, 0, size)) {
            return in.readAllBytes();
        }
    }

    @Test
    void deletingLeavesNoVersion() throws IOException {
        account.overwrite("p/" + KEY, bytes("second"));
        assertThat(tier.lingering("keys/")).contains(new Lingering(1, Optional.empty()));
        tier.delete(KEY);
        assertThat(account.count()).isOne();
        assertThat(read(KEY + "0")).isEqualTo(FIRST);
        assertThat(tier.lingering("keys/")).isEmpty();
        tier.delete(KEY);
    }

    @Test
    void whatSomebodyHidIsShownAgainAndGoesForGood() throws IOException {
        account.overwrite("p/" + KEY, bytes("second"));
        account.hide("p/" + KEY);
        assertThat(tier.head(KEY)).isEmpty();
        assertThat(tier.hidden("keys/")).containsExactly(KEY);
        assertThat(tier.isHidden(KEY)).isTrue();
        assertThat(tier.isHidden(KEY + "0")).isFalse();
        assertThat(tier.isHidden("keys/0")).isFalse();
        tier.reveal(KEY);
        assertThat(read(KEY)).isEqualTo(bytes("second"));
        assertThat(tier.hidden("")).isEmpty();
        tier.reveal(KEY);
        tier.delete(KEY);
        assertThat(account.count()).isOne();
    }

    /** Of what may yet be brought back nobody says that it is gone. */
    @Test
    void whatSoftDeleteKeepsLingersUntilItsDaysAreOver() {
        account.days = 7;
        tier.delete(KEY);
        assertThat(account.count()).isEqualTo(2);
        assertThat(tier.hidden(""))
                .as("it is not brought back: its days would begin anew")
                .isEmpty();
        tier.reveal(KEY);
        assertThat(tier.head(KEY)).isEmpty();
        assertThat(tier.lingering(KEY)).contains(new Lingering(1, Optional.of(NOW.plus(Duration.ofDays(8)))));
        tier.delete(KEY);
        assertThat(tier.lingering("packs/")).isEmpty();
        account.daysPass();
        assertThat(tier.lingering("")).isEmpty();
    }

    @Test
    void anAccountThatAllowsItEndsTheDays() {
        account.days = 7;
        account.permanent = true;
        tier.delete(KEY);
        assertThat(account.count()).isOne();
        assertThat(tier.lingering("")).isEmpty();
    }

    @Test
    void withoutVersionsWhatIsDeletedOrOverwrittenIsKeptAsWell() {
        account.versions = false;
        account.days = 3;
        tier.put("keys/1-1", FIRST);
        account.overwrite("p/keys/1-1", bytes("second"));
        tier.delete("keys/1-1");
        assertThat(tier.lingering("keys/1")).contains(new Lingering(2, Optional.of(NOW.plus(Duration.ofDays(4)))));
        account.permanent = true;
        assertThat(tier.hidden("keys/1")).isEmpty();
        account.daysPass();
        assertThat(tier.lingering("keys/1")).isEmpty();
    }

    @Test
    void whatIsTakenAwayForAnotherToTakeItsPlaceKeepsItsVersions() {
        tier.withdraw(KEY);
        assertThat(tier.head(KEY)).isEmpty();
        assertThat(account.count()).isEqualTo(2);
        tier.put(KEY, bytes("right"));
        assertThat(account.count()).isEqualTo(3);
    }

    @Test
    void whoMayNotSeeItIsTold() {
        account.tellsNothing = true;
        assertThatThrownBy(() -> tier.lingering("keys/"))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED));
        assertThatThrownBy(() -> tier.hidden("keys/")).hasMessageContaining("does not permit");
    }

    /** Else it would be brought back, as what somebody hid, and deleted again, with one more version each time. */
    @Test
    void whatMayNotBeDeletedForGoodIsToldAndNotBroughtBack() {
        account.keepsVersions = true;
        tier.delete(KEY);
        assertThat(tier.head(KEY)).isEmpty();
        assertThat(tier.isHidden(KEY)).isFalse();
        assertThat(tier.hidden("keys/")).isEmpty();
        assertThat(tier.lingering(KEY)).contains(new Lingering(1, Optional.empty()));
        tier.delete(KEY);
        assertThat(account.count()).isEqualTo(2);
    }
}
