package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** A pipe that nobody writes to lets who opens it wait, as a file of a mount does whose server is gone. */
final class PromptTierTest extends TierContract {
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path root;

    @Override
    protected Tier open() {
        return new PromptTier(new DirectoryTier("offsite", root), Duration.ofMinutes(1));
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path pipe = root.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private static void assertSilent(Tier impatient, String name) {
        assertThatThrownBy(() -> impatient.get(name, 0, 0)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e.text()).isEqualTo("the tier's directory does not answer");
            assertThat(e.cure()).isNotEmpty();
        });
    }

    @Test
    @Timeout(60)
    void whatHangsIsLeftAndAllElseIsStillThere() throws Exception {
        tier.put("there", random(1_000, 1));
        Path pipe = pipe("hangs");
        try (PromptTier impatient = new PromptTier(new DirectoryTier("offsite", root), SHORT)) {
            assertSilent(impatient, "hangs");
            try (InputStream in = impatient.get("there", 0, 1_000)) {
                assertThat(in.readAllBytes()).isEqualTo(random(1_000, 1));
            }
            Files.newOutputStream(pipe).close(); // the one that was left ends
        }
    }

    @Test
    @Timeout(60)
    void aMountThatKeepsTooManyThreadsIsAskedNothingMoreUntilItAnswers() throws Exception {
        tier.put("there", random(1_000, 1));
        List<Path> pipes = new ArrayList<>();
        try (PromptTier impatient = new PromptTier(new DirectoryTier("offsite", root), SHORT)) {
            for (int i = 0; i < PromptTier.MOST; i++) {
                pipes.add(pipe("hangs-" + i));
                assertSilent(impatient, "hangs-" + i);
            }
            assertSilent(impatient, "there");
            assertThatThrownBy(() -> impatient.head("there")).isInstanceOf(StrongroomException.class);
            for (Path pipe : pipes) {
                Files.newOutputStream(pipe).close();
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(impatient.head("there")).isPresent());
        }
    }

    @Test
    @Timeout(60)
    void aReadThatHangsIsLeftAsWell() throws Exception {
        Path pipe = pipe("stops");
        Tier stopping = new ForwardingTier(new DirectoryTier("offsite", root)) {
            @Override
            public InputStream get(String name, long offset, long length) {
                try {
                    return Channels.newInputStream(
                            FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        try (PromptTier impatient = new PromptTier(stopping, SHORT)) {
            InputStream in = impatient.get("stops", 0, 10);
            Files.write(pipe, random(3, 1));
            assertThat(in.readNBytes(3)).isEqualTo(random(3, 1));
            assertThatThrownBy(() -> in.readNBytes(7))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
            in.close(); // does not wait for the thread that hangs in it
            Files.write(pipe, random(7, 2));
        }
    }
}
