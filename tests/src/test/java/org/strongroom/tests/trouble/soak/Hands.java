package org.strongroom.tests.trouble.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Threads that each do one thing again and again until the time is over, each with chance numbers of its own. */
final class Hands {
    private final SplittableRandom seeds;
    private final long end;
    private final List<CompletableFuture<Void>> working = new ArrayList<>();
    private volatile boolean failed;

    Hands(long seed, Duration time) {
        seeds = new SplittableRandom(seed);
        end = System.nanoTime() + time.toNanos();
    }

    /** Begins; {@code between} is the pause between two turns, on average. */
    void add(String name, Duration between, Consumer<RandomGenerator> turn) {
        RandomGenerator random = seeds.split();
        working.add(CompletableFuture.runAsync(
                () -> {
                    while (!areDone()) {
                        pause(between.multipliedBy(50 + random.nextInt(101)).dividedBy(100));
                        if (!areDone()) {
                            turn(turn, random);
                        }
                    }
                },
                task -> new Thread(task, name).start()));
    }

    private void turn(Consumer<RandomGenerator> turn, RandomGenerator random) {
        try {
            turn.accept(random);
        } catch (RuntimeException | Error e) {
            failed = true; // the others need not go on for hours
            throw e;
        }
    }

    boolean areDone() {
        return failed || System.nanoTime() >= end;
    }

    /** Returns when all are done. */
    void await() {
        try {
            CompletableFuture.allOf(working.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Sleeps, or until the time is over if that is sooner. */
    void rest(Duration time) {
        long until = Math.min(end, System.nanoTime() + time.toNanos());
        while (System.nanoTime() < until && !failed) {
            pause(Duration.ofMillis(50));
        }
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
