package org.strongroom.plugin.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Debian's Orthancs with the library and one worker per queue: nothing acknowledged is lost, whatever happens. */
class RealOrthancIT {
    private static final int SENDERS = 20;
    private static final int RESETS = 10;
    private static final Pattern ID = Pattern.compile("\"ID\" : \"([^\"]+)\"");

    @TempDir
    static Path folder;

    private static Distribution distribution;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        distribution = Distribution.build(folder.resolve("dist"));
    }

    /** Senders that keep the bytes of every instance that Orthanc acknowledged, by Orthanc's id. */
    private static final class Load {
        final Map<String, byte[]> acknowledged = new ConcurrentHashMap<>();
        final AtomicInteger refused = new AtomicInteger();
        final AtomicBoolean paused = new AtomicBoolean();
        private final AtomicInteger numbers = new AtomicInteger();
        private final AtomicBoolean goOn = new AtomicBoolean(true);
        private final Semaphore left;
        private final List<Thread> threads = new ArrayList<>();

        Load(OrthancServer server, int atMost) {
            left = new Semaphore(atMost);
            for (int i = 0; i < SENDERS; i++) {
                Random random = new Random(i);
                threads.add(new Thread(() -> send(server, random), "sender"));
            }
            threads.forEach(Thread::start);
        }

        private void send(OrthancServer server, Random random) {
            while (goOn.get() && left.tryAcquire()) {
                byte[] dicom = DicomFile.random(numbers.incrementAndGet(), 16 + random.nextInt(100), random);
                try {
                    HttpResponse<byte[]> answer = server.post("/instances", dicom);
                    Matcher id = ID.matcher(new String(answer.body(), StandardCharsets.UTF_8));
                    if (answer.statusCode() == 200 && id.find()) {
                        acknowledged.put(id.group(1), dicom);
                    }
                } catch (IOException e) {
                    refused.incrementAndGet(); // Orthanc is restarting: nothing was acknowledged
                    LockSupport.parkNanos(10_000_000);
                }
                while (paused.get() && goOn.get()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        void end() throws InterruptedException {
            goOn.set(false);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        void join() throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void assertAllThere(OrthancServer server, Map<String, byte[]> acknowledged) throws IOException {
        for (Map.Entry<String, byte[]> instance : acknowledged.entrySet()) {
            HttpResponse<byte[]> file = server.get("/instances/" + instance.getKey() + "/file");
            assertThat(file.statusCode()).as(instance.getKey()).isEqualTo(200);
            assertThat(file.body()).as(instance.getKey()).isEqualTo(instance.getValue());
        }
    }

    @ParameterizedTest
    @EnumSource(OrthancTree.class)
    void storesAndReadsByteForByte(OrthancTree tree) throws IOException, InterruptedException {
        Path home = OrthancServer.folder(folder, "store-" + tree);
        try (OrthancServer server = OrthancServer.start(home, distribution, tree)) {
            server.awaitReady();
            Load load = new Load(server, 120);
            load.join();

            assertThat(load.acknowledged).hasSize(120);
            assertAllThere(server, load.acknowledged);
            String id = load.acknowledged.keySet().iterator().next();
            // One REST worker waits for Orthanc's API, which waits for the one storage worker.
            assertThat(server.get("/strongroom/api/instances/" + id + "/file").body())
                    .isEqualTo(load.acknowledged.get(id));
            assertThat(server.get("/instances/" + id + "/simplified-tags").statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/strongroom/status/401").statusCode()).isEqualTo(401);
            assertThat(server.get("/strongroom/throw").statusCode()).isEqualTo(500);
            assertThat(server.stop()).isZero();
        }
        try (OrthancServer server = OrthancServer.start(home, distribution, tree)) {
            server.awaitReady();
            assertThat(server.get("/statistics").body()).asString().contains("\"CountInstances\" : 120");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = OrthancTree.class,
            names = {"BOOKWORM", "SID"})
    void tenResetsUnderLoadLoseNothing(OrthancTree tree) throws IOException, InterruptedException {
        Path home = OrthancServer.folder(folder, "reset-" + tree);
        try (OrthancServer server = OrthancServer.start(home, distribution, tree)) {
            server.awaitReady();
            Load load = new Load(server, Integer.MAX_VALUE);
            for (int i = 1; i <= RESETS; i++) {
                int before = load.acknowledged.size();
                await().atMost(Duration.ofMinutes(1)).until(() -> load.acknowledged.size() >= before + 20);
                int starts = i + 1;
                server.post("/tools/reset", new byte[0]);
                // Orthanc 1.10.1 goes on only after its Lua engine had nothing to do for 100 ms.
                load.paused.set(true);
                awaitLog(server, "The Lua engine has stopped", i);
                load.paused.set(false);
                awaitLog(server, "the test application runs", starts);
                server.awaitReady();
            }
            load.end();

            assertAllThere(server, load.acknowledged);
            assertThat(server.stop()).isZero();
        }
    }

    private static void awaitLog(OrthancServer server, String line, int times) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> server.log().split(line, -1).length - 1 >= times);
    }

    @Test
    void orthancDoesNotRunWithoutJava() throws IOException, InterruptedException {
        Path home = OrthancServer.folder(folder, "nojava");
        try (OrthancServer server =
                OrthancServer.start(home, distribution, OrthancTree.TRIXIE, "/nowhere/libjvm.so", home)) {
            assertThat(server.awaitEnd()).isNotZero();
            assertThat(server.log())
                    .contains("no usable Java was found (/nowhere/libjvm.so: No such file or directory). Cure: ");
        }
    }

    @Test
    void orthancDoesNotRunIfTheApplicationThrows() throws IOException, InterruptedException {
        Path home = OrthancServer.folder(folder, "nofolder");
        OrthancTree tree = OrthancTree.TRIXIE;
        try (OrthancServer server = OrthancServer.start(home, distribution, tree, tree.libjvm(), Path.of("/nowhere"))) {
            assertThat(server.awaitEnd()).isNotZero();
            assertThat(server.log()).contains("the test's folder is missing. Cure: Create it");
        }
    }
}
