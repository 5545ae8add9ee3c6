package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.strongroom.tests.harness.Rest;

/** How long a start takes, and how much slower the first image that comes, or is read, after it is than those after that. */
record StartUp(Plan plan, Figures figures, Slices slices) {
    private static final int STEADY = 30;
    private static final long POLL_NANOS = 5_000_000;

    void run(Contestant plain, Contestant strongroom) throws IOException {
        for (int round = 1; round <= plan.startRounds(); round++) {
            for (Contestant contestant : List.of(plain, strongroom)) {
                List<byte[]> images = List.copyOf(slices.study(STEADY + 1));
                String[] ids = new String[images.size()];
                start(contestant);
                first("start.first", contestant, i -> ids[i] = contestant.load.store(images.get(i)));
                start(contestant);
                first("start.firstRead", contestant, i -> contestant.load.read("/instances/" + ids[i] + "/file"));
            }
        }
        for (String measure : List.of("start.first", "start.firstRead")) {
            figures.ours(measure + "VsSteady", measure + "VsSteady");
            figures.close(measure + "VsSteady", "ratio");
            figures.close(measure, "ms");
        }
        figures.close("start", "seconds");
        figures.ratioOfTimes("start.vsPlain", "start", Who.PLAIN);
        figures.close("start.sidecar", "seconds");
        Terminal.progress("starts");
    }

    private void first(String measure, Contestant contestant, Load.Each request) throws IOException {
        double[] seconds = new double[STEADY + 1];
        for (int i = 0; i <= STEADY; i++) {
            long start = System.nanoTime();
            request.at(i);
            seconds[i] = Load.since(start);
        }
        double first = seconds[0];
        double[] later = Arrays.copyOfRange(seconds, 1, seconds.length);
        Arrays.sort(later);
        figures.sample(measure, contestant.who, first * 1000);
        figures.sample(measure + "VsSteady", contestant.who, first / later[STEADY / 2]);
    }

    /** Until {@code /system} is answered; and until a new sidecar has announced itself. */
    private void start(Contestant contestant) throws IOException {
        contestant.stop();
        Optional<ProcessHandle> old = contestant.clinic.sidecar();
        contestant.stopSidecar();
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
}
