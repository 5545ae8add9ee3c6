package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * A directory that is not waited for without end: a network mount whose server is gone ends no call, and readers who waited for it would take
 * the threads from those who read elsewhere. Looks and reads run on threads of their own, which are left to the mount until it answers;
 * when it has too many of them it is asked nothing more. What is sent, and lists, which may take long where nothing is wrong, are waited
 * for: by threads that serve no other tier. Thread-safe.
 */
final class PromptTier extends ForwardingTier {
    /** A disk array that slept answers sooner. */
    static final Duration LONGEST = Duration.ofMinutes(1);
    /** So many threads it may keep. */
    static final int MOST = 8;

    private static final int AT_ONCE = 1 << 18;

    private final Duration longest;
    private final AtomicInteger kept = new AtomicInteger();
    private final ExecutorService threads;

    /** @param longest how long one call may take */
    PromptTier(Tier tier, Duration longest) {
        super(tier);
        this.longest = longest;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "folder-" + tier.name());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Asks the directory something. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws IOException;
    }

    @Override
    public Optional<ObjectInfo> head(String name) {
        return looked(() -> tier.head(name));
    }

    @Override
    public Optional<List<PartReceipt>> parts(String name, String upload) {
        return looked(() -> tier.parts(name, upload));
    }

    @Override
    public List<Upload> uploads() {
        return looked(tier::uploads);
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        try {
            return new Content(answer(() -> tier.get(name, offset, length), PromptTier::discard));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T looked(Call<T> look) {
        try {
            return answer(look, late -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param late what becomes of an answer that nobody waits for any more */
    private <T> T answer(Call<T> call, Consumer<T> late) throws IOException {
        if (kept.get() >= MOST) {
            throw silent();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                answer.complete(call.run());
            } catch (IOException | RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            leave(answer, late);
            throw silent().causedBy(e);
        } catch (InterruptedException e) {
            leave(answer, late);
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "stopped while waiting for a directory")
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw (IOException) e.getCause();
        }
    }

    private <T> void leave(CompletableFuture<T> answer, Consumer<T> late) {
        kept.incrementAndGet();
        Future<T> unused = answer.whenComplete((given, failure) -> {
            kept.decrementAndGet();
            if (failure == null) {
                late.accept(given);
            }
        });
    }

    private StrongroomException silent() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "the tier's directory does not answer")
                .with("tier", name())
                .cure("Look at its mount, and at the server behind it; it goes on by itself when that answers");
    }

    private static void discard(InputStream content) {
        try {
            content.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        super.close();
    }

    /** An open object. For one thread. */
    private final class Content extends InputStream {
        private final InputStream content;
        /** A thread hangs in it: to close it would hang as well. */
        private boolean left;

        Content(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** Into bytes of its own: what comes when nobody waits any more must not be written to where others read by then. */
        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            byte[] bytes = new byte[Math.min(length, AT_ONCE)];
            boolean answered = false;
            int count;
            try {
                count = answer(() -> content.read(bytes, 0, bytes.length), late -> discard(content));
                answered = true;
            } finally {
                left |= !answered;
            }
            if (count > 0) {
                System.arraycopy(bytes, 0, target, offset, count);
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            return content.available();
        }

        @Override
        public void close() throws IOException {
            if (!left) {
                content.close();
            }
        }
    }
}
