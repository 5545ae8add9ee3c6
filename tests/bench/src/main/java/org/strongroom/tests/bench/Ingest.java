package org.strongroom.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Scratch;

/** Instances per second, by REST with several senders and by C-STORE over one association. */
record Ingest(Plan plan, Figures figures, List<Contestant> contestants, Slices slices) {
    private static final int CSTORE_IMAGES = 40;

    /** Orthanc's ids of the instances that each contestant got last. */
    Map<Who, List<String>> run() throws IOException {
        Map<Who, List<String>> stored = new EnumMap<>(Who.class);
        for (int round = 0; round <= plan.rounds(); round++) {
            for (int senders : plan.senders()) {
                List<byte[]> images = List.copyOf(slices.study(plan.images()));
                for (Contestant contestant : turn(round)) {
                    if (isLocal(contestant) || plan.remoteSenders().contains(senders)) {
                        stored.put(contestant.who, rest(contestant, images, senders, round > 0));
                    }
                }
            }
            dicom(round);
            Terminal.progress("ingest, round " + round + " of " + plan.rounds());
        }
        for (int senders : plan.senders()) {
            String measure = "ingest.rest." + senders;
            figures.ratioOfRates(measure + ".vsPlain", measure, Who.PLAIN);
            figures.ratioOfRates(measure + ".vsSync30ms", measure, Who.SYNC);
            figures.ratioOfRates(measure + ".vsRclone30ms", measure, Who.RCLONE);
            figures.close(measure, "perSecond");
            figures.close("cpu." + measure, "msPerInstance");
        }
        figures.ratioOfRates("ingest.cstore.1.vsPlain", "ingest.cstore.1", Who.PLAIN);
        figures.ratioOfRates("ingest.cstoreNoDelay.1.vsPlain", "ingest.cstoreNoDelay.1", Who.PLAIN);
        figures.close("ingest.cstore.1", "perSecond");
        figures.close("ingest.cstoreNoDelay.1", "perSecond");
        return stored;
    }

    private static boolean isLocal(Contestant contestant) {
        return contestant.who == Who.PLAIN || contestant.who == Who.STRONGROOM;
    }

    private List<String> rest(Contestant contestant, List<byte[]> images, int senders, boolean counts)
            throws IOException {
        settle();
        List<String> ids = new ArrayList<>();
        double cpu = contestant.cpuSeconds();
        double seconds = contestant.load.store(images, senders, ids);
        cpu = contestant.cpuSeconds() - cpu;
        if (counts) {
            String measure = "ingest.rest." + senders;
            figures.sample(measure, contestant.who, images.size() / seconds);
            figures.sample("cpu." + measure, contestant.who, cpu * 1000 / images.size());
        }
        return ids;
    }

    /** storescu at its defaults, as a modality that knows nothing of delays; and with TCP_NODELAY on its side too. */
    private void dicom(int round) throws IOException {
        for (boolean noDelay : new boolean[] {false, true}) {
            try (Scratch scratch = new Scratch()) {
                List<byte[]> images = slices.study(CSTORE_IMAGES);
                for (int i = 0; i < images.size(); i++) {
                    Files.write(scratch.path().resolve(i + ".dcm"), images.get(i));
                }
                for (Contestant contestant : turn(round)) {
                    if (isLocal(contestant)) {
                        settle();
                        double seconds = storescu(contestant.orthanc.dicomPort(), scratch.path(), noDelay);
                        if (round > 0) {
                            String measure = noDelay ? "ingest.cstoreNoDelay.1" : "ingest.cstore.1";
                            figures.sample(measure, contestant.who, images.size() / seconds);
                        }
                    }
                }
            }
        }
    }

    private static double storescu(int port, Path folder, boolean noDelay) {
        Command command = Command.of("storescu", "-aec", "ORTHANC", "-R", "+sd", "127.0.0.1", port, folder)
                .within(Duration.ofMinutes(5));
        long start = System.nanoTime();
        (noDelay ? command.with("TCP_NODELAY", "1") : command).run().orFail();
        return Load.since(start);
    }

    /** Everybody, each time beginning with another. */
    private List<Contestant> turn(int round) {
        List<Contestant> turned = new ArrayList<>(contestants);
        Collections.rotate(turned, round);
        return turned;
    }

    /** What others left to be written is written before the clock starts. */
    private void settle() {
        Command.of("sync", "-f", contestants.get(0).clinic.scratch().path())
                .run()
                .orFail();
    }
}
