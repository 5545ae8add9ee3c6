package org.strongroom.core.settings;

/** When bodies leave the local disk. Immutable. */
public record CacheSettings(
        @Setting(
                        text = "Eviction starts above this level: bytes of sealed files, or percent of the disk in"
                                + " use.",
                        byDefault = "85 %")
                Watermark highWater,
        @Setting(text = "Eviction stops below this level, in the same unit.", byDefault = "75 %") Watermark lowWater,
        @Setting(
                        text = "So much of the disk stays free for keys, journal and ledger: no image is taken into"
                                + " it. Below three times as much, all that may be evicted is, nothing is read"
                                + " ahead, and there is a warning.",
                        byDefault = "1 %")
                Watermark reserve) {
    public CacheSettings {
        Watermark high = highWater;
        Watermark low = lowWater;
        if (high.percent() != low.percent() || low.value() >= high.value()) {
            Problems.check(problems -> problems.add(
                    "LowWater",
                    "\"" + low + "\" does not fit HighWater \"" + high + "\": write a lower level in the same unit"));
        }
    }
}
