package org.strongroom.plugin.export;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;

/** What an export is written into: a folder, or ZIP files in one. Used by one thread. */
public interface Destination {
    /** A sealed file, wherever it is. */
    @FunctionalInterface
    interface Sealed {
        ByteSource open() throws IOException;
    }

    /** Told how far it is. */
    @FunctionalInterface
    interface Progress {
        void show(long done, long all);
    }

    /** Whether an attachment was written already, by this run or an earlier one. */
    boolean has(UUID attachment);

    /** @throws StrongroomException FULL if the disk has no room for so much more */
    void requireRoom(long bytes) throws IOException;

    /**
     * Writes one attachment; what cannot be read or opened is counted, and holds up no other.
     *
     * @param places where it is; one after the other is tried
     */
    void write(SealedHeader header, List<Sealed> places) throws IOException;

    /** Counts what cannot be written, with the reason. */
    void failed(long files, String reason);

    /** Has {@code about.json} go with the images, into every ZIP that is made from now on. */
    void enclose(byte[] about);

    /** Reads everything back, and writes what lists it. Nothing is written after that. */
    void finish(Progress progress) throws IOException, InterruptedException;

    /** Files that a person is handed in the end, by name; none if that is the folder itself. */
    List<String> zips();

    /** How many of those are larger than was asked for, because a single file is. */
    long oversized();

    /** Bytes of all files that were exported, also by earlier runs. */
    long bytes();

    /** Images among them. */
    long images();

    /** StudyInstanceUIDs of what was written, also by earlier runs, as far as the files say them. */
    Set<String> studies();

    /** How many files this run wrote. */
    long written();

    /** How many files the DICOMDIRs list. */
    long listed();

    /** What is not there, by reason. */
    Map<String, Long> failures();
}
