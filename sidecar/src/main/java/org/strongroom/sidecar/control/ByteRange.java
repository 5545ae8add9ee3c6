package org.strongroom.sidecar.control;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of bytes (RFC 9110 §14). Immutable.
 *
 * @param partial whether a range was asked for at all
 */
record ByteRange(long offset, long length, boolean partial) {
    private static final Pattern SYNTAX = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    /** Thrown for a range that leaves the representation: 416. */
    static final class Unsatisfiable extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A range whose two ends are in the header; empty for any other, and for none. */
    static Optional<ByteRange> exact(String header) {
        Matcher range = SYNTAX.matcher(header.trim());
        if (!range.matches() || range.group(1).isEmpty() || range.group(2).isEmpty()) {
            return Optional.empty();
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        return last < first ? Optional.empty() : Optional.of(new ByteRange(first, last - first + 1, true));
    }

    /**
     * What a {@code Range} header asks for.
     *
     * @param header null if there is none
     * @throws MalformedException if it is not one range of bytes
     */
    static ByteRange of(String header, long size) throws Unsatisfiable {
        if (header == null) {
            return new ByteRange(0, size, false);
        }
        Matcher range = SYNTAX.matcher(header.trim());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            throw new MalformedException("Range must be one range of bytes");
        }
        if (range.group(1).isEmpty()) {
            long last = Long.parseLong(range.group(2));
            if (last == 0 || size == 0) {
                throw new Unsatisfiable();
            }
            long length = Math.min(last, size);
            return new ByteRange(size - length, length, true);
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
        if (!range.group(2).isEmpty() && last < first) {
            throw new MalformedException("Range ends before it starts");
        }
        if (first >= size) {
            throw new Unsatisfiable();
        }
        return new ByteRange(first, Math.min(last, size - 1) - first + 1, true);
    }
}
