package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Instances per second read, again and again, from what is on this machine. */
record WarmRead(Plan plan, Figures figures, List<Contestant> contestants, Map<Who, List<String>> stored, long bytes) {
    private static final List<Integer> READERS = List.of(1, 4);

    /**
     * From the storage, which Linux keeps in memory as far as it can; then with Orthanc's own cache of attachments at its
     * default, as clinics run it: what was read once comes out of Orthanc's memory, if it fits.
     */
    void run() throws IOException {
        rounds("read.warm.uncached");
        restart(true);
        rounds("read.warm");
        restart(false);
        Terminal.progress("warm reads");
    }

    private void restart(boolean withCache) throws IOException {
        for (Contestant contestant : contestants) {
            contestant.restart(withCache);
        }
    }

    private void rounds(String name) throws IOException {
        for (int round = 0; round <= plan.rounds(); round++) {
            List<Contestant> turn = new ArrayList<>(contestants);
            Collections.rotate(turn, round);
            for (int readers : READERS) {
                for (Contestant contestant : turn) {
                    read(contestant, name + "." + readers, readers, round > 0);
                }
            }
        }
        figures.ratioOfRates(name + ".vsPlain", name + ".1", Who.PLAIN);
        figures.ratioOfRates(name + ".4.vsPlain", name + ".4", Who.PLAIN);
        for (int readers : READERS) {
            figures.close(name + "." + readers, "perSecond");
            figures.close("cpu." + name + "." + readers, "msPerInstance");
        }
    }

    private void read(Contestant contestant, String measure, int readers, boolean counts) throws IOException {
        List<String> ids = stored.get(contestant.who);
        double cpu = contestant.cpuSeconds();
        double seconds = contestant.load.readFiles(ids, readers, bytes);
        if (counts) {
            figures.sample(measure, contestant.who, ids.size() / seconds);
            figures.sample("cpu." + measure, contestant.who, (contestant.cpuSeconds() - cpu) * 1000 / ids.size());
        }
    }
}
