package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.core.settings.S3Settings;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.uplink.Uplink;

final class TierFactoryTest {
    private final TierFactory factory =
            new TierFactory(Clock.systemUTC(), pause -> {}, new Random(1), RetryPolicy.DEFAULT, Uplink.unlimited());

    @TempDir
    Path folder;

    @Test
    void aDirectoryCountsOnlyOnAnotherFileSystemOrWhenAllowed() {
        try (OpenedTier near = open(folder, false);
                OpenedTier allowed = open(folder, true)) {
            assertThat(near.countsBeside(folder.resolve("home"))).isFalse();
            assertThat(near.countsBeside(Path.of("/proc"))).isTrue();
            assertThat(allowed.countsBeside(folder.resolve("home"))).isTrue();
        }
    }

    @Test
    void aDirectoryThatIsNotThereCannotTell() {
        try (OpenedTier missing = open(folder.resolve("missing"), false)) {
            TierContract.assertFails(FailureKind.UNAVAILABLE, () -> missing.countsBeside(folder));
            TierContract.assertFails(
                    FailureKind.UNAVAILABLE, () -> missing.tier().head("tier.id"));
            assertThat(missing.meter().count(TierMeter.Request.HEAD).requests())
                    .isEqualTo(RetryPolicy.DEFAULT.attempts());
        }
    }

    @Test
    void aContainerIsElsewhereAndAsksNothingYet() throws Exception {
        Path key = Files.writeString(folder.resolve("key"), "a2V5");
        AzureSettings azure =
                Containers.settings(URI.create("http://127.0.0.1:9/clinic"), "clinic", key, "images", "p");
        TierSettings settings = new TierSettings(
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.of(azure),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (OpenedTier opened = factory.open("az", settings)) {
            assertThat(opened.tier().kind()).isEqualTo("azure");
            assertThat(opened.countsBeside(folder)).isTrue();
        }
    }

    /** Whose name stands in a request's signature. */
    @Test
    void theAuditLogHasCredentialsOfItsOwn() throws Exception {
        Path everyday = credentials("EVERYDAY");
        Path auditors = credentials("AUDITOR");
        Map<String, String> asked = new ConcurrentHashMap<>();
        HttpServer store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", exchange -> {
            String who = exchange.getRequestHeaders().getFirst("Authorization");
            asked.put(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    who.replaceFirst(".*Credential=([A-Z]+)/.*", "$1"));
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        store.start();
        URI endpoint = URI.create("http://127.0.0.1:" + store.getAddress().getPort());
        S3Settings alone = Buckets.settings(endpoint, "clinic", everyday, "p");
        try (OpenedTier opened = factory.open("cloud", tier(Buckets.withAudit(alone, auditors)))) {
            Tier tier = opened.tier();
            List<Runnable> questions = List.of(
                    () -> tier.head("packs/x"),
                    () -> tier.head("audit/key-x"),
                    () -> tier.list("audit/", each -> {}),
                    () -> tier.put("audit/log-x/y", new byte[1]));
            questions.forEach(question ->
                    assertThatThrownBy(question::run).isInstanceOf(StrongroomException.class)); // it is no real store
        } finally {
            store.stop(0);
        }
        assertThat(asked).hasSizeGreaterThanOrEqualTo(4);
        asked.forEach((request, who) ->
                assertThat(who).as(request).isEqualTo(request.contains("audit") ? "AUDITOR" : "EVERYDAY"));
    }

    private Path credentials(String name) throws IOException {
        return Files.writeString(
                folder.resolve(name), "[default]\naws_access_key_id = " + name + "\naws_secret_access_key = secret\n");
    }

    private static TierSettings tier(S3Settings bucket) {
        return new TierSettings(
                Optional.empty(),
                false,
                Optional.of(bucket),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private OpenedTier open(Path directory, boolean allowSameDisk) {
        return factory.open(
                "offsite",
                new TierSettings(
                        Optional.of(directory),
                        allowSameDisk,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }
}
