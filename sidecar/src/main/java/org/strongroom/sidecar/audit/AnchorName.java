package org.strongroom.sidecar.audit;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.format.v1.Sha256;

/** What the anchors of audit logs are called in a tier (format.md §9.5). Stateless. */
public final class AnchorName {
    /** What all of them begin with. */
    public static final String PREFIX = "audit/";

    /** What the objects with verifier keys begin with, one for each log. */
    public static final String KEYS = PREFIX + "key-";

    private static final int DIGITS = 32;
    private static final Pattern CHECKPOINT =
            Pattern.compile(PREFIX + "log-[0-9a-f]{" + DIGITS + "}/checkpoints/([0-9]{18})-([0-9a-f]{64})");
    private static final Pattern MINIMUM = Pattern.compile(PREFIX + "log-[0-9a-f]{" + DIGITS + "}/minimum/([0-9]{18})");
    private static final Pattern PARTIAL = Pattern.compile(PREFIX + "log-.*\\.p/[0-9]+");

    private AnchorName() {}

    /** Which log: another key, another log. */
    static String log(NoteKey key) {
        return Sha256.of(keyFile(key)).toString().substring(0, DIGITS);
    }

    /** The verifier key as an object, and as {@code key.pub}. */
    static byte[] keyFile(NoteKey key) {
        return (key.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The object with the verifier key of a log. */
    static String key(String log) {
        return KEYS + log;
    }

    /** A file of the log, at its path of tlog-tiles. */
    static String file(String log, String path) {
        return PREFIX + "log-" + log + "/" + path;
    }

    static String checkpoints(String log) {
        return file(log, "checkpoints/");
    }

    /** The name says what the checkpoint says, and sorts as the log grows. */
    static String checkpoint(String log, Checkpoint checkpoint) {
        return checkpoints(log) + String.format(Locale.ROOT, "%018d-%s", checkpoint.size(), checkpoint.root());
    }

    /** What the checkpoints of a log begin with whose verifier key an object below {@link #KEYS} is. */
    public static String checkpointsOf(String key) {
        return checkpoints(key.substring(KEYS.length()));
    }

    static String minimums(String log) {
        return file(log, "minimum/");
    }

    /** The event that says that a log is kept from this entry on. */
    static String minimum(String log, long entry) {
        return minimums(log) + String.format(Locale.ROOT, "%018d", entry);
    }

    /** What the name of such an object claims; empty if this is no such name. */
    static OptionalLong claimedMinimum(String object) {
        Matcher parts = MINIMUM.matcher(object);
        return parts.matches() ? OptionalLong.of(Long.parseLong(parts.group(1))) : OptionalLong.empty();
    }

    /** What the name of a checkpoint claims that it says; empty if this is no such name. */
    static Optional<Checkpoint> claim(String origin, String object) {
        Matcher parts = CHECKPOINT.matcher(object);
        return parts.matches()
                ? Optional.of(new Checkpoint(
                        origin,
                        Long.parseLong(parts.group(1)),
                        new Sha256(HexFormat.of().parseHex(parts.group(2)))))
                : Optional.empty();
    }

    /** Whether it is the right edge of a log at some time: a later one takes its place. */
    public static boolean isPartial(String object) {
        return PARTIAL.matcher(object).matches();
    }

    /** Whether {@code object} is a checkpoint of a log, and {@code newer} one as large or larger of the same log. */
    public static boolean isOlderCheckpoint(String object, String newer) {
        int folder = object.lastIndexOf('/') + 1;
        return CHECKPOINT.matcher(object).matches()
                && CHECKPOINT.matcher(newer).matches()
                && newer.startsWith(object.substring(0, folder))
                && object.compareTo(newer) < 0;
    }
}
