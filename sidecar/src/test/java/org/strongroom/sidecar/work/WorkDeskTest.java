package org.strongroom.sidecar.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.time.RunningTime;

class WorkDeskTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Work WORK = new Work.Forget("w", List.of(UUID.randomUUID()));

    private final WorkDesk desk = new WorkDesk(RunningTime.system());
    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();

    @Test
    void what_a_life_of_the_plugin_took_and_did_not_answer_is_given_to_the_next_one() throws Exception {
        desk.offer(WORK, WorkAnswer::ok);
        assertThat(desk.take(first, LONG)).containsExactly(WORK);
        assertThat(desk.take(first, Duration.ZERO)).isEmpty();
        assertThat(desk.take(second, LONG)).containsExactly(WORK);
        desk.answer("w", WorkAnswer.DONE);
        assertThat(desk.take(UUID.randomUUID(), Duration.ZERO)).isEmpty();
    }

    @Test
    void a_question_of_an_ended_life_that_still_waits_is_given_nothing() throws Exception {
        CompletableFuture<List<Work>> dead = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                dead.complete(desk.take(first, LONG));
            } catch (InterruptedException e) {
                dead.completeExceptionally(e);
            }
        });
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        assertThat(desk.take(second, Duration.ZERO)).isEmpty();
        desk.offer(WORK, WorkAnswer::ok);
        assertThat(desk.take(second, LONG)).containsExactly(WORK);
        assertThat(dead.join()).isEmpty();
    }

    @Test
    void who_says_that_it_ends_is_not_connected_until_it_or_another_one_asks() throws Exception {
        desk.take(first, Duration.ZERO);
        assertThat(desk.isConnected()).isTrue();
        desk.leaves();
        assertThat(desk.isConnected()).isFalse();
        assertThat(desk.isMissed()).as("it may only be started anew").isFalse();
        desk.take(second, Duration.ZERO);
        assertThat(desk.isConnected()).isTrue();
    }
}
