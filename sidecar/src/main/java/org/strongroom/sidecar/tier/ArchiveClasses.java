package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The storage classes of a store, those of archives above all: keeping is cheap there, and whoever wants to read an object has to ask for it hours before.
 * An object in one fails {@link Tier#get} with ARCHIVED; all else of a {@link Tier} is as with any other object. Failures are as
 * a tier's. Thread-safe.
 */
public interface ArchiveClasses {
    /** Where an object is. */
    enum Place {
        /** It can be read. */
        AT_HAND,
        /** It cannot be read before somebody asked for it. */
        ARCHIVED,
        /** It was asked for and cannot be read yet. */
        COMING,
        /** It can be read for a while and lies in the archive as well. */
        BACK
    }

    /**
     * What the store says of an object.
     *
     * @param size in bytes
     * @param until when it is BACK: as long as it can be read
     */
    record Shelf(Place place, long size, Optional<Instant> until) {}

    /** What bringing back is for: speed is paid for. */
    enum Urgency {
        /** Somebody waits to see it. */
        CLINICAL,
        /** Copies are made, or everything is checked. */
        BULK
    }

    /** @throws org.strongroom.core.error.StrongroomException NOT_FOUND if the store says that it is absent */
    Shelf shelf(String object);

    /**
     * Moves an object that can be read to another class, an archive class or one that is read at once; one that is there already, or in an
     * archive class, may stay as it is.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if the store would keep an old version beside the moved one
     */
    void move(String object, String storageClass);

    /** The class that an object is in, as the store names it. */
    String storageClass(String object);

    /**
     * Asks for an archived object; once more does no harm.
     *
     * @param kept how long it is to be readable
     * @return after about what time it will be
     */
    Duration bringBack(String object, Urgency urgency, Duration kept);
}
