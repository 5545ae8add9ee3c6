package org.strongroom.sidecar.evict;

/**
 * When bodies leave this machine.
 *
 * @param high eviction starts above this: bytes of sealed files, or percent of the disk in use
 * @param low and stops below this
 * @param percent which of the two
 * @param keepHeads whether heads stay
 */
public record CacheRules(long high, long low, boolean percent, boolean keepHeads) {
    public CacheRules {
        if (low < 0 || low >= high) {
            throw new IllegalArgumentException("low water " + low + ", high water " + high);
        }
    }
}
