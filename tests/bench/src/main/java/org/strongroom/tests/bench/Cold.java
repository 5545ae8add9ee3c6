package org.strongroom.tests.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One study of which nothing but heads is on this machine: what it costs to bring there, and how long a reader waits for it.
 * The headline reader takes one instance after the other, as C-MOVE, WADO-RS and ZIP archives do inside Orthanc.
 */
record Cold(Plan plan, Figures figures, Slices slices) {
    private static final int PREPARERS = 10;
    private static final int VIEWERS = 6;
    /** Orthanc's StableAge and some more: by then DICOMweb has attached its metadata to the last series. */
    private static final Duration LATE = Duration.ofSeconds(75);

    /** @param peers whose store is as far away; each has a series of the study, or with {@code --full} all of it */
    void run(Contestant strongroom, List<Contestant> peers) throws IOException {
        List<byte[]> images = slices.study(plan.series(), plan.study() - plan.series());
        List<Contestant> all = new ArrayList<>(peers);
        all.add(0, strongroom);
        for (Contestant contestant : all) {
            contestant.line.roundTrip(0);
        }
        Map<Who, List<String>> studies = new EnumMap<>(Who.class);
        studies.put(Who.STRONGROOM, shipped(strongroom, images));
        for (Contestant peer : peers) {
            studies.put(peer.who, stored(peer, images.subList(0, plan.full() ? plan.study() : plan.series())));
        }
        Phase phase = Phase.begin("cold", all);
        for (int latency : plan.latencies()) {
            for (Contestant contestant : all) {
                contestant.line.roundTrip(latency);
            }
            for (int round = 1; round <= plan.coldRounds(); round++) {
                for (int readers : List.of(1, VIEWERS)) {
                    for (Contestant contestant : turn(all, round)) {
                        series(contestant, studies.get(contestant.who), readers, latency);
                    }
                }
                // The peers' takes minutes: once.
                for (Contestant contestant : turn(plan.full() && round == 1 ? all : List.of(strongroom), round)) {
                    if (contestant == strongroom) {
                        metadata(contestant, latency);
                    } else {
                        metadataOfPeer(contestant, latency);
                    }
                }
                Terminal.progress("cold reads at " + latency + " ms, round " + round + " of " + plan.coldRounds());
            }
            close(latency);
        }
        phase.end(figures);
    }

    /** Each time beginning with another. */
    private static List<Contestant> turn(List<Contestant> contestants, int round) {
        List<Contestant> turned = new ArrayList<>(contestants);
        Collections.rotate(turned, round);
        return turned;
    }

    /** Ours, and what it cost to bring it to the store. */
    private List<String> shipped(Contestant strongroom, List<byte[]> images) throws IOException {
        List<String> ids = new ArrayList<>();
        strongroom.restart(false); // Orthanc forgets what of other studies it would still attach
        strongroom.ship(); // what is left of other measurements
        strongroom.line.awaitQuiet();
        DelayLine.Traffic before = strongroom.line.traffic();
        Phase phase = Phase.begin("arriveAndShip", List.of(strongroom));
        strongroom.load.store(images, PREPARERS, ids);
        Terminal.progress("a study of " + images.size() + " instances is in Strongroom");
        long start = System.nanoTime();
        double cpu = strongroom.cpuSeconds();
        strongroom.ship();
        DelayLine.Traffic shipped = strongroom.line.traffic().since(before);
        figures.put("cpu.shipping.study1000.strongroom.seconds", strongroom.cpuSeconds() - cpu);
        phase.end(figures);
        Terminal.progress("and in the store");
        long raw = (long) images.size() * slices.bytes();
        figures.put("store.requests.study1000", (double) shipped.requests());
        figures.put("store.shipping.study1000.seconds", Load.since(start));
        figures.put("store.bytesUp.study1000.vsRaw", (double) shipped.up() / raw);
        figures.put("store.bytesDown.study1000.KiB", shipped.down() / 1024.0);
        if (plan.full()) {
            late(strongroom, before);
        }
        return ids;
    }

    /** The same until all is in the store that DICOMweb attached to the study meanwhile. */
    private void late(Contestant strongroom, DelayLine.Traffic before) throws IOException {
        LockSupport.parkNanos(LATE.toNanos());
        strongroom.ship();
        figures.put("store.requests.study1000.withLate", (double)
                strongroom.line.traffic().since(before).requests());
        Terminal.progress("and what DICOMweb added to it");
    }

    private List<String> stored(Contestant peer, List<byte[]> images) throws IOException {
        List<String> ids = new ArrayList<>();
        peer.evict(); // what is left of other measurements
        DelayLine.Traffic before = peer.line.traffic();
        Phase phase = Phase.begin("arriveAndShip", List.of(peer));
        peer.load.store(images, PREPARERS, ids);
        peer.ship();
        phase.end(figures);
        figures.put(
                "store.requests." + peer.who.key() + ".perInstance",
                (double) peer.line.traffic().since(before).requests() / ids.size());
        Terminal.progress("the same in the store of " + peer.who.title());
        return ids;
    }

    private void series(Contestant contestant, List<String> study, int readers, int latency) throws IOException {
        contestant.evict();
        List<String> ids = study.subList(0, plan.series());
        DelayLine.Traffic before = contestant.line.traffic();
        contestant.line.exchanges().forget();
        String suffix = "." + latency + "ms";
        double cpu = contestant.cpuSeconds();
        long start = System.nanoTime();
        double first = contestant.load.time("/instances/" + ids.get(0) + "/file");
        untilFirst(contestant, suffix, before);
        contestant.load.readFiles(ids.subList(1, ids.size()), readers, slices.bytes());
        double all = Load.since(start);
        cpu = contestant.cpuSeconds() - cpu;
        figures.sample("cpu.cold.series400.x" + readers + suffix, contestant.who, cpu * 1000 / ids.size());
        figures.sample("cold.series400.x" + readers + suffix, contestant.who, all);
        figures.sample("cold.first" + suffix, contestant.who, first);
        figures.sample("cold.series400.requests" + suffix, contestant.who, (double)
                contestant.line.traffic().since(before).requests());
    }

    /** Requests and connections, those that read ahead too; and how many round trips the reader can have waited for. */
    private void untilFirst(Contestant contestant, String suffix, DelayLine.Traffic before) {
        int trips = contestant.line.exchanges().roundTrips(System.nanoTime());
        DelayLine.Traffic traffic = contestant.line.traffic().since(before);
        figures.sample("cold.first.roundTrips" + suffix, contestant.who, trips);
        double requests = (double) traffic.requests() + traffic.connections();
        figures.sample("cold.first.requests" + suffix, contestant.who, requests);
    }

    private void close(int latency) {
        String suffix = "." + latency + "ms";
        for (int readers : List.of(1, VIEWERS)) {
            String measure = "cold.series400.x" + readers + suffix;
            String name = readers == 1 ? "cold.series400" : "cold.series400.x" + readers;
            figures.ratioOfTimes(name + ".vsSync" + latency + "ms", measure, Who.SYNC);
            figures.ratioOfTimes(name + ".vsRclone" + latency + "ms", measure, Who.RCLONE);
            figures.close(measure, "seconds");
            figures.close("cpu." + measure, "msPerInstance");
        }
        if (latency == plan.latencies().get(0)) {
            figures.ours("cold.first.roundTrips", "cold.first.roundTrips" + suffix);
            figures.ours("cold.metadata1000.requests", "cold.metadata1000.requests" + suffix);
        }
        String metadata = "cold.metadata1000" + suffix;
        figures.ratioOfTimes("cold.metadata1000.vsSync" + latency + "ms", metadata, Who.SYNC);
        figures.ratioOfTimes("cold.metadata1000.vsRclone" + latency + "ms", metadata, Who.RCLONE);
        figures.close("cold.first.roundTrips" + suffix, "count");
        figures.close("cold.first.requests" + suffix, "count");
        figures.close("cold.series400.requests" + suffix, "count");
        figures.close("cold.first" + suffix, "seconds");
        figures.close(metadata, "seconds");
        figures.close("cold.metadata1000.requests" + suffix, "count");
    }

    /** DICOMweb's metadata of the whole study, which viewers ask for first; of ours only the heads are here. */
    private void metadata(Contestant contestant, int latency) throws IOException {
        contestant.evict();
        DelayLine.Traffic before = contestant.line.traffic();
        String suffix = "." + latency + "ms";
        figures.sample("cold.metadata1000" + suffix, contestant.who, contestant.load.time(metadataPath(contestant)));
        figures.sample("cold.metadata1000.requests" + suffix, contestant.who, (double)
                contestant.line.traffic().since(before).requests());
        Terminal.progress("metadata of the study at " + latency + " ms: " + contestant.who.title());
    }

    /** A peer that fails at it is left out: what the others do is a figure all the same. */
    private void metadataOfPeer(Contestant peer, int latency) {
        try {
            metadata(peer, latency);
        } catch (IOException e) {
            Terminal.line("Without metadata at " + latency + " ms of " + peer.who.title() + ": " + e.getMessage());
        }
    }

    /** The study was the last one to arrive. */
    private static String metadataPath(Contestant contestant) {
        String newest = "";
        for (var study : contestant.orthanc.rest().json("/studies?expand")) {
            String uid = study.at("/MainDicomTags/StudyInstanceUID").asText();
            newest = uid.compareTo(newest) > 0 ? uid : newest;
        }
        return "/dicom-web/studies/" + newest + "/metadata";
    }
}
