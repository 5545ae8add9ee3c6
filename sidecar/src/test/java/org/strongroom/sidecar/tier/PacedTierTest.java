package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.LoopbackListener;
import org.strongroom.core.settings.Rate;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.uplink.Timetable;
import org.strongroom.sidecar.uplink.Uplink;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** What really goes over a line while a limit holds. */
class PacedTierTest {
    private static final long LIMIT = 1_500_000;

    @TempDir
    Path folder;

    private S3ProxyServer server;
    private MeasuredLine line;
    private final Uplink uplink =
            new Uplink(Timetable.always(new Rate(LIMIT)), Clock.systemUTC(), RunningTime.system(), Sleeper.SYSTEM);

    @BeforeEach
    void start() throws Exception {
        server = new S3ProxyServer();
        Buckets.make(server.endpoint(), S3ProxyServer.CREDENTIALS, "clinic");
        line = new MeasuredLine(server.port(), Long.MAX_VALUE / 2, 0);
    }

    @AfterEach
    void stop() throws Exception {
        line.close();
        server.stop();
    }

    private OpenedTier open(TierSettings settings) {
        return new TierFactory(Clock.systemUTC(), Sleeper.SYSTEM, new Random(1), RetryPolicy.DEFAULT, uplink)
                .open("cloud", settings);
    }

    private TierSettings bucket() throws Exception {
        Path credentials = Buckets.credentialsFile(folder, S3ProxyServer.CREDENTIALS);
        URI endpoint = URI.create("http://127.0.0.1:" + line.port());
        return new TierSettings(
                Optional.empty(),
                false,
                Optional.of(Buckets.settings(endpoint, "clinic", credentials, "p")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void send(Tier tier, int parts) {
        byte[] bytes = new byte[5 << 20];
        new Random(3).nextBytes(bytes);
        String upload = tier.begin("packs/x", (long) parts * bytes.length);
        for (int i = 0; i < parts; i++) {
            tier.part("packs/x", upload, i + 1, (long) i * bytes.length, ByteSource.of(bytes), Md5.of(bytes));
        }
        tier.put("journal/1", new byte[300_000]);
    }

    @Test
    @Timeout(120)
    void a_bucket_gets_what_the_limit_allows_in_every_second() throws Exception {
        RunningTime time = RunningTime.system();
        try (OpenedTier opened = open(bucket())) {
            Duration begun = time.now();
            send(opened.tier(), 2);
            double seconds = time.now().minus(begun).toNanos() / 1e9;
            System.out.printf("%d bytes in %.2f s, worst second %d%n", line.bytes(), seconds, line.worstSecond());
            assertThat(line.lead(LIMIT)).isLessThan(LIMIT / 5);
            // A relay that looks late sees at once what the line had apart; UplinkTest is exact.
            assertThat(line.worstSecond()).isLessThan((long) (1.25 * LIMIT));
            // How much of the limit is used says the benchmark of a quiet machine; here other tests run beside.
            assertThat(line.bytes() / seconds).isGreaterThan(0.5 * LIMIT).isLessThan(1.02 * LIMIT);
        }
    }

    @Test
    @Timeout(120)
    void a_folder_shares_the_limit() {
        RunningTime time = RunningTime.system();
        TierSettings settings = new TierSettings(
                Optional.of(folder),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        try (OpenedTier opened = open(settings)) {
            opened.tier().put("tier.id", new byte[10]);
            Duration begun = time.now();
            send(opened.tier(), 1);
            assertThat(time.now().minus(begun)).isGreaterThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void a_small_object_in_a_folder_is_no_burst_either() {
        AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
        List<Long> written = new ArrayList<>();
        Sleeper sleeper = pause -> {
            now.set(now.get().plus(pause));
            long size = sizes(folder);
            assertThat(size).isLessThanOrEqualTo((long) (LIMIT * (now.get().toMillis() / 1e3 + 0.1)));
            written.add(size);
        };
        Uplink own = new Uplink(Timetable.always(new Rate(LIMIT)), Clock.systemUTC(), now::get, sleeper);
        try (Tier tier = new DirectoryTier("folder", folder, own)) {
            tier.put("keys/1", new byte[1_000_000]);
        }
        assertThat(written).anyMatch(size -> size > 300_000 && size < 700_000);
    }

    private static long sizes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(60)
    void a_small_object_in_a_container_is_no_burst_either() throws Exception {
        try (LoopbackListener azure = new LoopbackListener("azure")) {
            azure.accept(client -> swallow(client, 1_000_000));
            Path key = Files.writeString(folder.resolve("key"), "a2V5\n");
            try (MeasuredLine up = new MeasuredLine(azure.port(), Long.MAX_VALUE / 2, 0);
                    Tier tier = AzureTier.open(
                            "cloud",
                            Containers.settings(
                                    URI.create("http://127.0.0.1:" + up.port() + "/clinic"),
                                    "clinic",
                                    key,
                                    "images",
                                    "p"),
                            uplink,
                            Clock.systemUTC())) {
                assertThatThrownBy(() -> tier.put("keys/1", new byte[1_000_000]))
                        .isInstanceOf(StrongroomException.class); // nobody answers as Azure does
                assertThat(up.bytes()).isGreaterThanOrEqualTo(1_000_000);
                assertThat(up.lead(LIMIT)).isLessThan(LIMIT / 5);
            }
        }
    }

    private static void swallow(Socket client, int length) {
        try (client) {
            InputStream in = client.getInputStream();
            for (int left = length; left > 0; left -= Math.max(0, in.read(new byte[1 << 16]))) {
                // to the end of the body, about
            }
        } catch (IOException e) {
            return;
        }
    }

    @Test
    @Timeout(60)
    void a_body_that_does_not_move_is_given_up_and_one_that_moves_slowly_is_not() throws Exception {
        List<Socket> held = new CopyOnWriteArrayList<>();
        byte[] body = new byte[16 << 20];
        Duration silence = Duration.ofSeconds(1);
        try (PacedHttp http = new PacedHttp(Apache5HttpClient.builder().build(), Uplink.unlimited(), silence);
                LoopbackListener deaf = new LoopbackListener("deaf");
                LoopbackListener slow = new LoopbackListener("slow")) {
            deaf.accept(held::add);
            slow.accept(client -> readSlowly(client, body.length));
            assertThatThrownBy(() ->
                            http.prepareRequest(request(deaf.port(), body)).call())
                    .isInstanceOf(IOException.class);
            Duration begun = RunningTime.system().now();
            assertThat(http.prepareRequest(request(slow.port(), body))
                            .call()
                            .httpResponse()
                            .statusCode())
                    .isEqualTo(204);
            assertThat(RunningTime.system().now().minus(begun)).isGreaterThan(silence.multipliedBy(2));
        }
        for (Socket each : held) {
            each.close();
        }
    }

    private static void readSlowly(Socket client, int length) {
        try (client) {
            InputStream in = client.getInputStream();
            for (int left = length; left > 0; left -= Math.max(0, in.read(new byte[1 << 16]))) {
                Thread.sleep(10);
            }
            client.getOutputStream().write("HTTP/1.1 204 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            in.skip(Long.MAX_VALUE);
        } catch (IOException | InterruptedException e) {
            return; // the client gave up
        }
    }

    private static HttpExecuteRequest request(int port, byte[] body) {
        return HttpExecuteRequest.builder()
                .request(SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.PUT)
                        .uri(URI.create("http://127.0.0.1:" + port + "/clinic/x"))
                        .putHeader("Content-Length", Integer.toString(body.length))
                        .build())
                .contentStreamProvider(() -> new ByteArrayInputStream(body))
                .build();
    }
}
