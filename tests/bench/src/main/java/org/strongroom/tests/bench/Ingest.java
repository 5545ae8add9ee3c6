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

/** Instances and megabytes per second, by REST with several senders and by C-STORE over several associations. */
record Ingest(Plan plan, Figures figures, List<Contestant> contestants, Slices slices) {
    private static final int CSTORE_IMAGES = 40;
    private static final String NO_DELAY = "ingest.cstoreNoDelay.1";
    private static final double MEGABYTE = 1e6;

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
            for (int associations : plan.associations()) {
                dicom(round, associations, false);
            }
            dicom(round, 1, true);
            Terminal.progress("ingest, round " + round + " of " + plan.rounds());
        }
        for (int senders : plan.senders()) {
            String measure = "ingest.rest." + senders;
            figures.ratioOfRates(measure + ".vsPlain", measure, Who.PLAIN);
            figures.ratioOfRates(measure + ".vsSync30ms", measure, Who.SYNC);
            figures.ratioOfRates(measure + ".vsRclone30ms", measure, Who.RCLONE);
            rates(measure);
        }
        for (int associations : plan.associations()) {
            String measure = "ingest.cstore." + associations;
            figures.ratioOfRates(measure + ".vsPlain", measure, Who.PLAIN);
            rates(measure);
        }
        figures.ratioOfRates(NO_DELAY + ".vsPlain", NO_DELAY, Who.PLAIN);
        rates(NO_DELAY);
        return stored;
    }

    private void rates(String measure) {
        figures.close(measure, "perSecond");
        figures.close(measure, "MBPerSecond", slices.bytes() / MEGABYTE);
        figures.close("cpu." + measure, "msPerInstance");
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
            sample("ingest.rest." + senders, contestant, images.size(), seconds, cpu);
        }
        return ids;
    }

    private void sample(String measure, Contestant contestant, int images, double seconds, double cpu) {
        figures.sample(measure, contestant.who, images / seconds);
        figures.sample("cpu." + measure, contestant.who, cpu * 1000 / images);
    }

    /** storescu at its defaults, as a modality that knows nothing of delays; or with TCP_NODELAY on its side too. */
    private void dicom(int round, int associations, boolean noDelay) throws IOException {
        int each = associations == 1 ? CSTORE_IMAGES : plan.images() / associations;
        try (Scratch scratch = new Scratch()) {
            List<Path> folders = new ArrayList<>();
            for (int association = 0; association < associations; association++) {
                folders.add(folder(scratch, "association-" + association, each));
            }
            for (Contestant contestant : turn(round)) {
                if (isLocal(contestant)) {
                    settle();
                    double cpu = contestant.cpuSeconds();
                    double seconds = Load.inParallel(
                            associations,
                            associations,
                            i -> storescu(contestant.orthanc.dicomPort(), folders.get(i), noDelay));
                    cpu = contestant.cpuSeconds() - cpu;
                    if (round > 0) {
                        String measure = noDelay ? NO_DELAY : "ingest.cstore." + associations;
                        sample(measure, contestant, associations * each, seconds, cpu);
                    }
                }
            }
        }
    }

    private Path folder(Scratch scratch, String name, int count) throws IOException {
        Path folder = scratch.folder(name);
        List<byte[]> images = slices.study(count);
        for (int i = 0; i < count; i++) {
            Files.write(folder.resolve(i + ".dcm"), images.get(i));
        }
        return folder;
    }

    private static void storescu(int port, Path folder, boolean noDelay) {
        Command command = Command.of("storescu", "-aec", "ORTHANC", "-R", "+sd", "127.0.0.1", port, folder)
                .within(Duration.ofMinutes(5));
        (noDelay ? command.with("TCP_NODELAY", "1") : command).run().orFail();
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
