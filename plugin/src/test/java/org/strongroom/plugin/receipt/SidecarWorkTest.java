package org.strongroom.plugin.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.Remains;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkItems;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.erase.OrthancStudies;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.offline.tier.PlayedTier;

/** The thread that asks is the heartbeat: it waits for nothing that takes long. */
class SidecarWorkTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch askedAgain = new CountDownLatch(2);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch listed = new CountDownLatch(1);
    private volatile boolean beside;
    private Work work;

    @Test
    void itGoesOnAskingWhileOrthancListsALargeStudy() throws Exception {
        PlayedTier tier = new PlayedTier(folder);
        UUID key = tier.keyring
                .studyKey("P1".getBytes(StandardCharsets.UTF_8), "1.2".getBytes(StandardCharsets.UTF_8))
                .id();
        StandInSidecar sidecar =
                new StandInSidecar().on("/", this::answer).begin(tier.home, tier.keyring.installation());
        Holds holds = new Holds(tier.keyring, CLOCK);
        Erasures erasures = new Erasures(tier.keyring, holds, List.of("Dr. Roe", "Dr. Doe"), CLOCK);
        try (AuditTap audit = AuditTap.open(tier.home, CLOCK, RunningTime.system());
                Journal journal = Journal.open(
                        tier.home.journal(),
                        tier.keyring.home(),
                        tier.keyring::signJournalHead,
                        CLOCK,
                        erasures::replay)) {
            UUID erasure = UUID.randomUUID();
            erasures.carryOut(
                    ErasureOrder.order(tier.keyring, erasure, new ErasureText("Dr. Roe", "law"), List.of(key)),
                    journal,
                    audit,
                    one -> new Remains(one, 0, 0, 0, 0, Map.of()),
                    Optional.empty());
            work = new Work.Erase(
                    "1",
                    ErasureOrder.delete(
                            tier.keyring, erasure, new ErasureText("Dr. Doe", "law"), List.of(key), List.of()));
            SidecarWork asking = new SidecarWork(
                    () -> ControlClient.connect(tier.home),
                    tier.keyring,
                    journal,
                    holds,
                    erasures,
                    audit,
                    null,
                    null,
                    null,
                    new Erasures.Running(slow(), moved -> {
                        throw new IllegalStateException("nobody asked for it");
                    }),
                    null);
            try (asking) {
                assertThat(listed.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            sidecar.close();
        }
        assertThat(beside).as("asked while the study was listed").isTrue();
    }

    /** As by a sidecar of another release: what lies behind it would wait for ten minutes. */
    @Test
    void anAnswerThatIsNotTakenHoldsUpNoOther() throws Exception {
        PlayedTier tier = new PlayedTier(folder);
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger polls = new AtomicInteger();
        List<Work> items = List.of(new Work.Forget("1", List.of()), new Work.Forget("2", List.of()));
        StandInSidecar sidecar = new StandInSidecar()
                .on("/", exchange -> {
                    try (exchange) {
                        String path = exchange.getRequestURI().getPath();
                        if (path.equals("/v1/work/2")) {
                            second.countDown();
                        }
                        boolean asks = path.equals("/v1/work");
                        byte[] body = ControlJson.write(
                                asks ? new WorkItems(polls.getAndIncrement() == 0 ? items : List.of()) : Map.of());
                        exchange.sendResponseHeaders(path.equals("/v1/work/1") ? 400 : 200, body.length);
                        exchange.getResponseBody().write(body);
                    }
                })
                .begin(tier.home, tier.keyring.installation());
        SidecarWork asking = new SidecarWork(
                () -> ControlClient.connect(tier.home),
                tier.keyring,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null); // what is asked for fails, and is answered all the same
        try (sidecar;
                asking) {
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private OrthancStudies slow() {
        return new OrthancStudies() {
            @Override
            public Images images(String study) {
                listed.countDown();
                try {
                    beside = askedAgain.await(5, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new Images(List.of(), Set.of());
            }

            @Override
            public void delete(List<String> instances, Set<UUID> files) {
                throw new IllegalStateException("there is nothing");
            }
        };
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Object body = Map.of();
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/v1/work")) {
                askedAgain.countDown();
                body = new WorkItems(asked.getAndIncrement() == 0 ? List.of(work) : List.of());
            } else if (path.equals("/v1/work/1")) {
                answered.countDown();
            } else {
                body = new Remains(UUID.fromString(path.substring(path.lastIndexOf('/') + 1)), 0, 0, 0, 0, Map.of());
            }
            byte[] bytes = ControlJson.write(body);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
