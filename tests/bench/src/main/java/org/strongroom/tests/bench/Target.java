package org.strongroom.tests.bench;

import java.util.Map;

/** What the project wants of its figures; reported beside them, never asserted. */
record Target(boolean atLeast, double bound) {
    private static final Map<String, Target> WANTED = Map.ofEntries(
            Map.entry("ingest.rest.1.vsPlain", least(0.95)),
            Map.entry("ingest.rest.4.vsPlain", least(0.95)),
            Map.entry("ingest.rest.10.vsPlain", least(0.95)),
            Map.entry("ingest.cstore.1.vsPlain", least(2)),
            Map.entry("ingest.rest.4.vsSync30ms", least(10)),
            Map.entry("read.warm.vsPlain", least(0.9)),
            Map.entry("read.warm.uncached.vsPlain", least(0.9)),
            Map.entry("read.header.growth", most(1.5)),
            Map.entry("read.frame.growth", most(1.5)),
            Map.entry("cold.series400.vsSync30ms", least(5)),
            Map.entry("cold.header.growth", most(1.5)),
            Map.entry("cold.frame.growth", most(1.5)),
            Map.entry("access.decision.p99.us", most(50)),
            Map.entry("access.list.10k.vsPlain", most(1.5)),
            Map.entry("access.expand.10k.vsPlain", most(1.5)),
            Map.entry("ledger.growth", most(1.5)),
            Map.entry("ledger.statusGrowth", most(1.5)),
            Map.entry("cold.first.roundTrips", most(3)),
            Map.entry("cold.metadata1000.requests", most(3)),
            Map.entry("store.requests.study1000", most(20)),
            Map.entry("store.bytesVsRaw.ct", most(0.45)),
            Map.entry("store.bytesVsRaw.mr", most(0.45)),
            Map.entry("store.bytesVsRaw.ctReal", most(0.45)),
            Map.entry("store.bytesVsRaw.mrReal", most(0.45)),
            Map.entry("store.bytesVsRaw.jpeg", most(1.01)),
            Map.entry("store.bytesVsRaw.report", most(1.01)),
            Map.entry("store.bytesVsRaw.tiny", most(1.01)),
            Map.entry("store.bytesVsRaw.loop", most(1.01)),
            Map.entry("store.compressionVsJpegLs.ct", least(0.92)),
            Map.entry("store.compressionVsJpegLs.mr", least(0.92)),
            Map.entry("store.compressionVsJpegLs.ctReal", least(0.92)),
            Map.entry("store.compressionVsJpegLs.mrReal", least(0.92)),
            Map.entry("memory.pluginExtraMiB", most(200)),
            Map.entry("memory.sidecarMiB", most(300)),
            Map.entry("start.strongroom.seconds", most(3)),
            Map.entry("start.sidecar.strongroom.seconds", most(3)),
            Map.entry("start.firstVsSteady", most(2)),
            Map.entry("start.firstReadVsSteady", most(2)));

    private static Target least(double bound) {
        return new Target(true, bound);
    }

    private static Target most(double bound) {
        return new Target(false, bound);
    }

    /** What is wanted and whether it is so; empty if nothing is wanted of this figure. */
    static String judge(String name, double value) {
        Target target = WANTED.get(name);
        if (target == null) {
            return "";
        }
        boolean met = target.atLeast ? value >= target.bound : value <= target.bound;
        return (target.atLeast ? ">= " : "<= ") + Terminal.number(target.bound) + (met ? "" : "   SHORT");
    }
}
