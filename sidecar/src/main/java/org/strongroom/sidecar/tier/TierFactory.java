package org.strongroom.sidecar.tier;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.uplink.Uplink;

/** Makes tiers of their settings, each with its decorators. Immutable. */
public final class TierFactory {
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final RetryPolicy policy;
    private final Uplink uplink;

    /** @param uplink of all tiers together */
    public TierFactory(
            InstantSource clock, Sleeper sleeper, RandomGenerator random, RetryPolicy policy, Uplink uplink) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.random = random;
        this.policy = policy;
        this.uplink = uplink;
    }

    /**
     * Opens the tier called {@code name}; asks its store nothing yet.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if its settings cannot be used on this machine
     */
    public OpenedTier open(String name, TierSettings settings) {
        if (settings.s3().isPresent()) {
            return elsewhere(S3Tier.open(name, settings.s3().get(), uplink), true);
        }
        if (settings.azure().isPresent()) {
            return elsewhere(AzureTier.open(name, settings.azure().get(), clock), false);
        }
        DirectoryTier tier = new DirectoryTier(name, settings.directory().orElseThrow());
        return decorate(tier, false, tier::sharesFileSystemWith, settings.allowSameDisk());
    }

    private OpenedTier elsewhere(Tier tier, boolean pacesItself) {
        return decorate(tier, pacesItself, other -> false, false);
    }

    private OpenedTier decorate(
            Tier tier, boolean pacesItself, Predicate<Path> sharesFileSystemWith, boolean allowSameDisk) {
        TierMeter meter = new TierMeter(clock);
        Tier decorated = new RetryingTier(
                new MeteredTier(new ThrottledTier(tier, uplink, pacesItself), meter), policy, sleeper, random);
        return new OpenedTier(decorated, meter, sharesFileSystemWith, allowSameDisk);
    }
}
