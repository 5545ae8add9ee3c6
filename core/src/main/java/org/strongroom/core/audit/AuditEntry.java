package org.strongroom.core.audit;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An event as it is recorded (format.md §9.1): one line of JSON, and a leaf of the log. Immutable.
 *
 * @param id random, for ever: who is sent an entry twice knows it by this
 * @param writer names one unbroken series of entries
 * @param number of the entry in its series, from 1 on, without gaps
 * @param time of the wall clock, in milliseconds
 * @param after in the first entry of a series: the last of the series before, as far as its successor knew
 * @param stepMillis by how much the wall clock was set since the entry before, forwards if positive; 0 if it was not. In the first entry of a
 *     series, where nobody measured: by how much it is at least behind {@code after}
 * @param event what happened
 */
public record AuditEntry(
        UUID id, String writer, long number, Optional<Place> after, Instant time, long stepMillis, AuditEvent event) {
    /** Bytes of the longest entry: what a tile's length field can say. */
    public static final int LONGEST = 65_535;

    private static final Pattern WRITER = Pattern.compile("[a-z]{1,16}-[0-9a-f]{16}");

    /** The place of an entry in its series. */
    public record Place(String writer, long number) {
        public Place {
            if (!WRITER.matcher(writer).matches()) {
                throw new IllegalArgumentException("not the name of a series");
            }
            if (number < 1) {
                throw new IllegalArgumentException("number " + number);
            }
        }

        static Place parse(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                throw new IllegalArgumentException("not a place in a series");
            }
            Place place = new Place(text.substring(0, slash), Long.parseLong(text.substring(slash + 1)));
            if (!place.toString().equals(text)) {
                throw new IllegalArgumentException("not a place in a series");
            }
            return place;
        }

        @Override
        public String toString() {
            return writer + "/" + number;
        }
    }

    public AuditEntry {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(after, "after");
        Objects.requireNonNull(event, "event");
        new Place(writer, number);
        time = Instant.ofEpochMilli(time.toEpochMilli());
    }

    public Place place() {
        return new Place(writer, number);
    }

    /** When it happened: before {@link #time} where the disk took no event then, as its detail {@code happened} says. */
    public Instant happened() {
        return said("happened");
    }

    /** A time that the event has as a detail; its own where it has none. */
    public Instant said(String detail) {
        try {
            String text = event.details().get(detail);
            return text == null ? time : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return time; // whoever wrote that
        }
    }

    /** The entry's bytes: one line of JSON without its end. */
    public byte[] encode() {
        return EntryJson.write(this);
    }

    /**
     * Reads an entry; members that this version does not know are left out.
     *
     * @throws org.strongroom.core.error.StrongroomException CORRUPT if it is not one
     */
    public static AuditEntry decode(byte[] json) {
        return EntryJson.read(json);
    }
}
