package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a part of the run costs each contestant in processor time and memory, from {@link #begin} to {@link #end}. */
final class Phase {
    private final String name;
    private final List<Contestant> contestants;
    private final Map<Who, Double> cpuBefore = new EnumMap<>(Who.class);

    private Phase(String name, List<Contestant> contestants) {
        this.name = name;
        this.contestants = contestants;
    }

    static Phase begin(String name, List<Contestant> contestants) throws IOException {
        Phase phase = new Phase(name, contestants);
        for (Contestant contestant : contestants) {
            contestant.usage.begin(contestant.processes());
            phase.cpuBefore.put(contestant.who, contestant.cpuSeconds());
        }
        return phase;
    }

    void end(Figures figures) throws IOException {
        for (Contestant contestant : contestants) {
            String who = name + "." + contestant.who.key();
            figures.put("cpu." + who + ".seconds", contestant.cpuSeconds() - cpuBefore.get(contestant.who));
            for (Map.Entry<String, Long> process : contestant.processes().entrySet()) {
                figures.put(
                        "memory." + who + "." + process.getKey() + ".MiB",
                        contestant.usage.phaseMiB(process.getKey(), process.getValue()));
            }
        }
    }
}
