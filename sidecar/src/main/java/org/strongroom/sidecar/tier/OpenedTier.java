package org.strongroom.sidecar.tier;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A tier ready for use.
 *
 * @param tier tries again and counts
 * @param archive its archive classes, if it is a store that may have some
 * @param meter what was asked of it, and how it is
 * @param sharesFileSystemWith whether the tier would fail together with the file system of a path on this machine; throws
 *     UNAVAILABLE while the tier's directory is not there
 * @param allowSameDisk whether it counts as a copy even so
 */
public record OpenedTier(
        Tier tier,
        Optional<ArchiveClasses> archive,
        TierMeter meter,
        Predicate<Path> sharesFileSystemWith,
        boolean allowSameDisk)
        implements AutoCloseable {
    /**
     * Whether objects here count as copies of what is in {@code home} ({@code counts} of docs/control.md).
     *
     * @throws org.strongroom.core.error.StrongroomException UNAVAILABLE if the tier's directory is not there
     */
    public boolean countsBeside(Path home) {
        return allowSameDisk || !sharesFileSystemWith.test(home);
    }

    @Override
    public void close() {
        tier.close();
    }
}
