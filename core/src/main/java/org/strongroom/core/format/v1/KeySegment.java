package org.strongroom.core.format.v1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The records of one append-only file of the keyring (format.md §5.2). Immutable.
 *
 * @param records in the order they were made
 * @param length bytes they fill; what follows in the file is a record that was never finished
 */
public record KeySegment(List<KeyRecord> records, int length) {
    /** A file is full with this many records. */
    public static final int MAX_RECORDS = 256;

    public KeySegment {
        records = List.copyOf(records);
    }

    /**
     * Reads what is in a file. An unfinished last record (too short, or zeros only, as a power cut leaves it) is not part of
     * the segment.
     *
     * @throws StrongroomException CORRUPT, with the offset, if anything else is not a record
     */
    public static KeySegment decode(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        List<KeyRecord> records = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            try {
                records.add(KeyRecord.get(in));
            } catch (IllegalArgumentException | BufferUnderflowException e) {
                if (isUnfinished(in.position(start).slice())) {
                    return new KeySegment(records, start);
                }
                throw corrupt(start).causedBy(e);
            }
            if (records.size() > MAX_RECORDS) {
                throw corrupt(start);
            }
        }
        return new KeySegment(records, file.length);
    }

    /** Whether only one record starts here, and not all of it is there. */
    private static boolean isUnfinished(ByteBuffer rest) {
        if (isZero(rest.duplicate())) {
            return true;
        }
        // A length that a flipped bit made longer must not swallow the records behind it.
        for (int at = 4; at <= rest.limit() - 4; at++) {
            if (rest.getInt(at) == KeyLabel.MAGIC) {
                return false;
            }
        }
        if (rest.remaining() < KeyLabel.SIZE) {
            int known = Math.min(rest.remaining(), KeyLabel.START.length);
            return rest.slice(0, known).equals(ByteBuffer.wrap(KeyLabel.START, 0, known));
        }
        try {
            return rest.capacity() < KeyLabel.get(rest).recordSize();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isZero(ByteBuffer rest) {
        while (rest.hasRemaining()) {
            if (rest.get() != 0) {
                return false;
            }
        }
        return true;
    }

    private static StrongroomException corrupt(int offset) {
        return StrongroomException.of(FailureKind.CORRUPT, "a file of key records holds something else")
                .with("offset", offset);
    }
}
