package org.strongroom.core.format.v1;

import java.util.Optional;
import java.util.UUID;

/** The object beside an archived pack: the pack without its body pieces (format.md §4.1). */
public final class PackCompanion {
    private static final String PACKS = "packs/";
    private static final String HEADS = "heads/";

    private PackCompanion() {}

    /** Name of the companion of a pack. */
    public static String objectName(UUID pack) {
        return nameOf(PackPrologue.objectName(pack)).orElseThrow();
    }

    /** Name of the companion of the object {@code pack}; empty if that is no pack's name. */
    public static Optional<String> nameOf(String pack) {
        return pack.startsWith(PACKS) ? Optional.of(HEADS + pack.substring(PACKS.length())) : Optional.empty();
    }

    /** Bytes of the companion of a pack. */
    public static long sizeOf(PackLayout pack) {
        return PackPrologue.SIZE + pack.size() - pack.headsOffset();
    }

    /**
     * Where a range of a pack begins in its companion; empty if the companion does not hold all of it.
     *
     * @param pack bytes of the pack
     * @param companion bytes of the companion
     */
    public static Optional<Long> placeOf(long pack, long companion, long offset, long length) {
        long bodies = pack - companion;
        if (bodies < 0) {
            return Optional.empty();
        }
        if (offset + length <= PackPrologue.SIZE) {
            return Optional.of(offset);
        }
        return offset >= PackPrologue.SIZE + bodies ? Optional.of(offset - bodies) : Optional.empty();
    }
}
