package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Processor time and peak memory of one contestant's processes, by the part that each plays: a process that ends and one that takes its
 * place are one. Not thread-safe.
 */
final class Usage {
    private final Map<String, Double> everMiB = new HashMap<>();
    private final Map<String, Double> phaseMiB = new HashMap<>();
    private double endedCpuSeconds;

    /** To be said before a process is ended. */
    void ending(String part, long pid) throws IOException {
        look(part, pid);
        endedCpuSeconds += Proc.cpuSeconds(pid);
    }

    /** Seconds of processor time of all that ended and of these. */
    double cpuSeconds(Map<String, Long> running) throws IOException {
        double seconds = endedCpuSeconds;
        for (long pid : running.values()) {
            seconds += Proc.cpuSeconds(pid);
        }
        return seconds;
    }

    /** From now on {@link #phaseMiB} counts. */
    void begin(Map<String, Long> running) throws IOException {
        for (Map.Entry<String, Long> process : running.entrySet()) {
            look(process.getKey(), process.getValue());
            Proc.forgetPeak(process.getValue());
        }
        phaseMiB.clear();
    }

    /** The most memory that any process in this part held since {@link #begin}, in MiB. */
    double phaseMiB(String part, long pid) throws IOException {
        look(part, pid);
        return phaseMiB.get(part);
    }

    /** The most memory that any process in this part ever held, in MiB. */
    double everMiB(String part, long pid) throws IOException {
        look(part, pid);
        return everMiB.get(part);
    }

    private void look(String part, long pid) throws IOException {
        double peak = Proc.peakMiB(pid);
        everMiB.merge(part, peak, Math::max);
        phaseMiB.merge(part, peak, Math::max);
    }
}
