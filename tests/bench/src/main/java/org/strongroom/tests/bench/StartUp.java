package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.strongroom.tests.harness.Rest;

/** How long a start takes, and how much slower the first image after it is than those that come later. */
record StartUp(Plan plan, Figures figures, Slices slices) {
    private static final int STEADY = 30;
    private static final long POLL_NANOS = 5_000_000;

    void run(Contestant plain, Contestant strongroom) throws IOException {
        for (int round = 1; round <= plan.startRounds(); round++) {
            for (Contestant contestant : List.of(plain, strongroom)) {
                start(contestant);
                List<byte[]> images = List.copyOf(slices.study(STEADY + 1));
                double first = time(contestant, images.get(0));
                double[] later = new double[STEADY];
                for (int i = 0; i < STEADY; i++) {
                    later[i] = time(contestant, images.get(i + 1));
                }
                Arrays.sort(later);
                figures.sample("start.firstVsSteady", contestant.who, first / later[STEADY / 2]);
                figures.sample("start.first", contestant.who, first * 1000);
            }
        }
        figures.close("start", "seconds");
        figures.ratioOfTimes("start.vsPlain", "start", Who.PLAIN);
        figures.close("start.sidecar", "seconds");
        figures.close("start.first", "ms");
        figures.close("start.firstVsSteady", "ratio");
        Terminal.progress("starts");
    }

    /** Until {@code /system} is answered; and until a new sidecar has announced itself. */
    private void start(Contestant contestant) throws IOException {
        contestant.stop();
        Optional<ProcessHandle> old = contestant.clinic.sidecar();
        old.ifPresent(sidecar -> {
            sidecar.destroy(); // else the next Orthanc would adopt it
            sidecar.onExit().join();
        });
        long start = System.nanoTime();
        CompletableFuture<Double> orthanc = when(() -> answers(contestant), start);
        CompletableFuture<Double> sidecar =
                when(() -> contestant.who != Who.STRONGROOM || isNew(contestant.clinic.sidecar(), old), start);
        contestant.orthanc.restart();
        figures.sample("start", contestant.who, orthanc.join());
        if (contestant.who == Who.STRONGROOM) {
            figures.sample("start.sidecar", contestant.who, sidecar.join());
        }
    }

    private static CompletableFuture<Double> when(BooleanSupplier ready, long start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    while (!ready.getAsBoolean()) {
                        LockSupport.parkNanos(POLL_NANOS);
                    }
                    return Load.since(start);
                },
                task -> new Thread(task, "start-watch").start());
    }

    private static boolean isNew(Optional<ProcessHandle> sidecar, Optional<ProcessHandle> old) {
        return sidecar.isPresent() && !sidecar.equals(old);
    }

    private static boolean answers(Contestant contestant) {
        try {
            return new Rest(contestant.clinic.setup().httpPort())
                            .send("GET", "/system", null)
                            .statusCode()
                    == 200;
        } catch (java.io.UncheckedIOException notYet) {
            return false;
        }
    }

    private static double time(Contestant contestant, byte[] image) throws IOException {
        long start = System.nanoTime();
        contestant.load.store(image);
        return Load.since(start);
    }
}
