package org.strongroom.core.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.format.v1.Sha256;

/**
 * A certificate of destruction as it is handed to somebody (format.md §9.7): what it says, and the events of the audit log that prove it. Immutable.
 *
 * @param statement lines, for people; the log has the digest of them
 * @param log verifier key of the log
 * @param events of this erasure
 */
public record CertificateFile(List<String> statement, String log, List<ProvedEvent> events) {
    private static final String FIRST = "certificate of destruction by Strongroom, version 1";
    private static final String ERASURE = "erasure ";
    private static final String KEY = "key ";

    /** @throws IllegalArgumentException if it is not one, of a version that is known */
    public CertificateFile {
        statement = List.copyOf(statement);
        Objects.requireNonNull(log, "log");
        events = List.copyOf(events);
        if (statement.isEmpty() || !statement.get(0).equals(FIRST)) {
            throw new IllegalArgumentException("not a certificate of destruction of version 1");
        }
        if (statement.stream().anyMatch(line -> line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0)) {
            // The log has a digest of all lines together: a line in a line would be signed, and not looked at.
            throw new IllegalArgumentException("a line of the statement is more than one");
        }
    }

    /**
     * The lines that are stated.
     *
     * @param keys of all that was erased
     * @param more whatever else, without line feeds
     */
    public static List<String> statement(UUID erasure, List<String> more, List<UUID> keys, List<String> end) {
        List<String> lines = new ArrayList<>(List.of(FIRST, ERASURE + erasure));
        lines.addAll(more);
        keys.stream().map(UUID::toString).sorted().forEach(key -> lines.add(KEY + key));
        lines.addAll(end);
        return List.copyOf(lines);
    }

    /** What the log has of a statement. */
    public static Sha256 digest(List<String> statement) {
        return Sha256.of((String.join("\n", statement) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Which erasure it states; empty if it does not. */
    public Optional<String> erasure() {
        return stated(ERASURE).stream().findFirst();
    }

    /** Keys that it states to be destroyed. */
    public List<String> keys() {
        return stated(KEY);
    }

    private List<String> stated(String what) {
        return statement.stream()
                .filter(line -> line.startsWith(what))
                .map(line -> line.substring(what.length()))
                .toList();
    }
}
