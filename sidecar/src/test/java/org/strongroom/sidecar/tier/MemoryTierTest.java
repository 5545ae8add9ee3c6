package org.strongroom.sidecar.tier;

/** The memory tier keeps the contract, so that what is tested on it holds on real stores. */
final class MemoryTierTest extends TierContract {
    private final MemoryTier memory = new MemoryTier("memory");

    @Override
    protected Tier open() {
        return memory;
    }
}
