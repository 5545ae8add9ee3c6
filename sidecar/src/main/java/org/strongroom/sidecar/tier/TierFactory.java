package org.strongroom.sidecar.tier;

import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.strongroom.core.settings.S3Settings;
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
            S3Tier tier = S3Tier.open(name, settings.s3().get(), uplink, clock);
            Optional<S3Settings> log = settings.s3().get().forAuditLog();
            return elsewhere(
                    log.isEmpty() ? tier : new LogApartTier(tier, S3Tier.open(name, log.get(), uplink, clock)),
                    tier.archive());
        }
        if (settings.azure().isPresent()) {
            AzureTier tier = AzureTier.open(name, settings.azure().get(), uplink, clock);
            return elsewhere(tier, tier.archive());
        }
        DirectoryTier tier = new DirectoryTier(name, settings.directory().orElseThrow(), uplink);
        TierMeter meter = new TierMeter(clock);
        return new OpenedTier(
                steady(tier, meter), Optional.empty(), meter, tier::sharesFileSystemWith, settings.allowSameDisk());
    }

    private OpenedTier elsewhere(Tier tier, ArchiveClasses archive) {
        TierMeter meter = new TierMeter(clock);
        return new OpenedTier(
                new CompanionTier(steady(tier, meter)),
                Optional.of(new SteadyArchive(archive, meter, () -> new Attempts(policy, sleeper, random))),
                meter,
                other -> false,
                false);
    }

    private Tier steady(Tier tier, TierMeter meter) {
        return new RetryingTier(new MeteredTier(new ThrottledTier(tier, uplink), meter), policy, sleeper, random);
    }
}
