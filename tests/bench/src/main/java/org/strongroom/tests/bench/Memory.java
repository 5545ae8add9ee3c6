package org.strongroom.tests.bench;

import java.io.IOException;

/** Peaks of memory after everything else was measured, of every Orthanc that each contestant has had. */
final class Memory {
    private Memory() {}

    static void measure(Figures figures, Contestant plain, Contestant strongroom) throws IOException {
        double theirs = plain.peakMiB();
        double ours = strongroom.peakMiB();
        figures.put("memory.pluginExtraMiB", ours - theirs);
        figures.put("memory.sidecarMiB", strongroom.sidecarPeakMiB());
        figures.put("memory.plain.MiB", theirs);
        figures.put("memory.strongroom.MiB", ours);
    }
}
