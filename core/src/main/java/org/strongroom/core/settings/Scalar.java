package org.strongroom.core.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;
import org.strongroom.core.secret.Secret;

/**
 * A type of setting that is a JSON string.
 *
 * @param words what it is, for the reference
 * @param example how it is written
 * @param pattern what it looks like, for the schema
 * @param parser makes the value or throws IllegalArgumentException that says how to write it
 */
record Scalar(String words, String example, String pattern, Function<String, Object> parser) {
    private static final Map<Class<?>, Scalar> ALL = Map.ofEntries(
            Map.entry(String.class, new Scalar("text", "clinic", "\\S", Scalar::text)),
            Map.entry(Path.class, new Scalar("absolute path", "/srv/strongroom", "^/", Scalar::path)),
            Map.entry(URI.class, new Scalar("address", "https://s3.example.org", "^https?://", Scalar::address)),
            Map.entry(Duration.class, new Scalar("duration", "60 s", Durations.PATTERN, Durations::parse)),
            Map.entry(ByteSize.class, new Scalar("size", "8 MiB", ByteSize.PATTERN, ByteSize::parse)),
            Map.entry(HeapSize.class, new Scalar("size of a heap", "160 MB", HeapSize.PATTERN, HeapSize::parse)),
            Map.entry(Watermark.class, new Scalar("size or percentage", "85 %", Watermark.PATTERN, Watermark::parse)),
            Map.entry(Rate.class, new Scalar("rate", "512 kbit/s", Rate.PATTERN, Rate::parse)),
            Map.entry(WeekDays.class, new Scalar("list of days", "Mon-Fri", WeekDays.PATTERN, WeekDays::parse)),
            Map.entry(LocalDate.class, new Scalar("day", "2027-12-31", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", Scalar::day)),
            Map.entry(DayTime.class, new Scalar("time of day", "08:00", DayTime.PATTERN, DayTime::parse)),
            Map.entry(ZoneId.class, new Scalar("time zone", "Europe/Berlin", "\\S", Scalar::zone)),
            Map.entry(
                    AddressRange.class,
                    new Scalar("range of addresses", "10.1.0.0/16", AddressRange.PATTERN, AddressRange::parse)),
            Map.entry(
                    ForwardAddress.class,
                    new Scalar(
                            "receiver's address",
                            "syslog+tls://log.example:6514",
                            ForwardAddress.PATTERN,
                            ForwardAddress::parse)),
            Map.entry(
                    DirectoryAddress.class,
                    new Scalar(
                            "server's address",
                            "ldaps://dc1.clinic.example",
                            DirectoryAddress.PATTERN,
                            DirectoryAddress::parse)),
            Map.entry(
                    WebAddress.class,
                    new Scalar("address", "https://pacs.clinic.example", WebAddress.PATTERN, WebAddress::parse)),
            Map.entry(
                    WitnessKey.class,
                    new Scalar("witness's verifier key", WitnessKey.EXAMPLE, WitnessKey.PATTERN, WitnessKey::parse)),
            Map.entry(
                    TagMatch.class,
                    new Scalar("tag's value", "InstitutionName=North*", TagMatch.PATTERN, TagMatch::parse)),
            Map.entry(Secret.class, new Scalar("secret", "…", "", Secret::of)));

    /** The scalar of this class, or null if it is none. */
    static Scalar of(Class<?> type) {
        return ALL.get(type);
    }

    /** How {@code value} is written, so that it is read back as an equal one. */
    static String write(Object value) {
        return value instanceof Duration duration ? Durations.format(duration) : value.toString();
    }

    private static String text(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("write something, or remove the setting");
        }
        return text;
    }

    private static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("write the whole path, from / on");
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path", e);
        }
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("write year, month and day: \"2027-12-31\"", e);
        }
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("write a name such as \"Europe/Berlin\" or \"UTC\"", e);
        }
    }

    private static URI address(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("write https://host or https://host:port", e);
        }
    }
}
