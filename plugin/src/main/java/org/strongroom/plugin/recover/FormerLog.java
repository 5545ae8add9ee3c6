package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;

/**
 * An audit log that ended with the machine that is lost, as far as a tier has it (format.md §9.5). Its signing key was on that machine, so a
 * recovery begins another one. Immutable.
 *
 * @param log the name of its key in the tier
 * @param size events up to its newest anchor; what came behind that is lost
 * @param root of the tree, in hexadecimal digits
 */
public record FormerLog(String log, long size, String root) {
    private static final String LOG = "formerLog";
    private static final String SIZE = "formerSize";
    private static final String ROOT = "formerRoot";
    /** What the names of objects with verifier keys begin with. */
    static final String KEY = "audit/key-";

    private static final int KEY_ID = 4;
    private static final Pattern SIGNATURE = Pattern.compile("(?m)^\u2014 [^ ]+ ([A-Za-z0-9+/=]+)$");
    private static final Pattern CHECKPOINT =
            Pattern.compile("audit/log-([0-9a-f]{32})/checkpoints/([0-9]{18})-([0-9a-f]{64})");

    /** Of the names of a tier's objects: claims, which {@code audit verify --former} checks. */
    static List<FormerLog> of(Collection<String> names) {
        Map<String, FormerLog> newest = new TreeMap<>();
        for (String name : names) {
            Matcher anchor = CHECKPOINT.matcher(name);
            if (anchor.matches()) {
                FormerLog one = new FormerLog(anchor.group(1), Long.parseLong(anchor.group(2)), anchor.group(3));
                newest.merge(one.log, one, (a, b) -> a.size >= b.size ? a : b);
            }
        }
        return new ArrayList<>(newest.values());
    }

    /**
     * Those of which no event is there yet that waits for the new log: a recovery that was interrupted is begun again.
     *
     * @param pending where events wait
     */
    public static List<FormerLog> untold(List<FormerLog> logs, Path pending) throws IOException {
        Set<String> told = new HashSet<>();
        PendingReader reader = new PendingReader(pending);
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            next.get().entry().map(AuditEntry::event).map(AuditEvent::details).ifPresent(details -> {
                if (details.containsKey(ROOT)) {
                    told.add(details.get(LOG) + details.get(SIZE) + details.get(ROOT));
                }
            });
        }
        return logs.stream()
                .filter(one -> !told.contains(one.log + one.size + one.root))
                .toList();
    }

    /** For the log that goes on: where the one before ended. */
    public AuditEvent gap(String tier) {
        return event("a new audit log begins where a recovery was; events behind the last anchor are lost")
                .with("tier", tier)
                .with(LOG, log)
                .with(SIZE, size)
                .with(ROOT, root);
    }

    /**
     * What a checkpoint that a snapshot kept, sealed, shows of these logs: events that had been there when it was made, and are not in the
     * one that it is of.
     *
     * @param keys contents of the objects with the logs' verifier keys, as far as they are there: of another key is another log
     * @return empty if nothing is missing
     */
    static Optional<AuditEvent> missing(
            Collection<String> names, Map<String, byte[]> keys, byte[] checkpoint, String tier) {
        String[] lines = new String(checkpoint, StandardCharsets.UTF_8).split("\n", 4);
        if (lines.length < 3 || !lines[1].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        long size = Long.parseLong(lines[1]);
        String root = HexFormat.of().formatHex(Base64.getDecoder().decode(lines[2]));
        String signer = signer(checkpoint);
        boolean there = names.stream()
                .map(CHECKPOINT::matcher)
                .filter(Matcher::matches)
                .filter(anchor -> mayBeOf(keys.get(KEY + anchor.group(1)), signer))
                .anyMatch(anchor -> Long.parseLong(anchor.group(2)) > size
                        || (Long.parseLong(anchor.group(2)) == size
                                && anchor.group(3).equals(root)));
        return there || size == 0
                ? Optional.empty()
                : Optional.of(event("the tier's audit log ends before one that a snapshot knew")
                        .with("tier", tier)
                        .with("snapshotSize", size)
                        .with("snapshotRoot", root));
    }

    /** The id of the key that signed a note, in hexadecimal digits: it stands before the signature. Empty if nothing says it. */
    private static String signer(byte[] note) {
        Matcher line = SIGNATURE.matcher(new String(note, StandardCharsets.UTF_8));
        if (!line.find()) {
            return "";
        }
        try {
            byte[] signature = Base64.getDecoder().decode(line.group(1));
            return signature.length < KEY_ID ? "" : HexFormat.of().formatHex(signature, 0, KEY_ID);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Whether a log of this key can be the signer's: a key that is not there hides nothing. */
    private static boolean mayBeOf(byte[] key, String signer) {
        String[] parts = key == null ? new String[0] : new String(key, StandardCharsets.UTF_8).split("\\+", 3);
        return signer.isEmpty() || parts.length < 3 || parts[1].equals(signer);
    }

    private static AuditEvent event(String why) {
        return AuditEvent.of(AuditType.RECORDING_GAP)
                .by(AuditEvent.COMMAND_LINE)
                .failed(why);
    }
}
