package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.tests.harness.Scratch;

/**
 * The header, then one frame, of multi-frame instances from small to large. Orthanc keeps what it has parsed, so every instance
 * is asked once, and there are several of each size; the first of each warms up.
 */
record Frames(Plan plan, Figures figures) {
    private static final int COPIES = 4;
    private static final Duration UPLOAD = Duration.ofMinutes(10);

    /** One contestant and its instances: by size, then by copy. */
    private record Side(Contestant contestant, List<List<String>> ids) {}

    void run(Contestant plain, Contestant strongroom) throws IOException {
        List<Side> sides = List.of(new Side(plain, new ArrayList<>()), new Side(strongroom, new ArrayList<>()));
        store(sides);
        read("read", sides);
        strongroom.line.roundTrip(0);
        strongroom.ship();
        strongroom.evict();
        strongroom.line.roundTrip(plan.latencies().get(0));
        strongroom.restart(false); // what Orthanc has parsed would not be cold
        read("cold", List.of(sides.get(1)));
    }

    private void store(List<Side> sides) throws IOException {
        try (Scratch scratch = new Scratch()) {
            Path file = scratch.path().resolve("loop.dcm");
            for (int frames : plan.frames()) {
                sides.forEach(side -> side.ids.add(new ArrayList<>()));
                for (int copy = 0; copy < COPIES; copy++) {
                    Loop.write(file, frames, copy);
                    for (Side side : sides) {
                        side.ids
                                .get(side.ids.size() - 1)
                                .add(side.contestant
                                        .orthanc
                                        .rest()
                                        .patience(UPLOAD)
                                        .upload(file));
                    }
                }
            }
            Terminal.progress("multi-frame instances of up to " + (Files.size(file) >> 20) + " MiB");
        }
    }

    private void read(String kind, List<Side> sides) throws IOException {
        for (int copy = 0; copy < COPIES; copy++) {
            for (int size = 0; size < plan.frames().size(); size++) {
                int frames = plan.frames().get(size);
                for (Side side : sides) {
                    String instance = "/instances/" + side.ids.get(size).get(copy);
                    double header = side.contestant.load.time(instance + "/simplified-tags");
                    double frame = frame(side.contestant, instance + "/frames/" + frames / 2 + "/raw");
                    if (copy > 0) {
                        figures.sample(kind + ".header." + frames, side.contestant.who, header * 1000);
                        figures.sample(kind + ".frame." + frames, side.contestant.who, frame * 1000);
                    }
                }
            }
        }
        close(kind + ".header");
        close(kind + ".frame");
        Terminal.progress("frames and headers, " + (kind.equals("cold") ? "cold" : "here"));
    }

    private static double frame(Contestant contestant, String path) throws IOException {
        long start = System.nanoTime();
        long bytes = contestant.load.read(path);
        if (bytes != Loop.FRAME) {
            throw new IOException("a frame came back with " + bytes + " bytes");
        }
        return Load.since(start);
    }

    private void close(String measure) {
        String smallest = measure + "." + plan.frames().get(0);
        String largest = measure + "." + plan.frames().get(plan.frames().size() - 1);
        figures.growth(measure + ".growth", smallest, largest, Who.STRONGROOM);
        figures.growth(measure + ".plainGrowth", smallest, largest, Who.PLAIN);
        for (int frames : plan.frames()) {
            figures.close(measure + "." + frames, "ms");
        }
    }
}
