package org.strongroom.core.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A failure with its kind, a static text, key/value context and a cure. Neither text nor context may hold PHI or secrets:
 * random ids, sizes, setting names and file names only. Immutable.
 */
public final class StrongroomException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String text;
    private final transient Map<String, String> context;
    private final String cure;

    private StrongroomException(
            FailureKind kind, String text, Map<String, String> context, String cure, Throwable cause) {
        super(message(text, context, cure), cause);
        this.kind = kind;
        this.text = text;
        this.context = context;
        this.cure = cure;
    }

    /** A failure of this kind with a static text; add context and a cure with the {@code with…} methods. */
    public static StrongroomException of(FailureKind kind, String text) {
        return new StrongroomException(Objects.requireNonNull(kind), Objects.requireNonNull(text), Map.of(), "", null);
    }

    /** The same failure, caused by {@code cause}. */
    public StrongroomException causedBy(Throwable cause) {
        return new StrongroomException(kind, text, context, cure, cause);
    }

    /** The same failure with one more value that tells an administrator where to look. */
    public StrongroomException with(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(context);
        more.put(key, String.valueOf(value));
        return new StrongroomException(kind, text, Collections.unmodifiableMap(more), cure, getCause());
    }

    /** The same failure with what to do next, one imperative sentence. */
    public StrongroomException cure(String whatToDo) {
        return new StrongroomException(kind, text, context, whatToDo, getCause());
    }

    public FailureKind kind() {
        return kind;
    }

    /** The static text, without context and cure. */
    public String text() {
        return text;
    }

    public Map<String, String> context() {
        return context == null ? Map.of() : context;
    }

    /** What to do next; empty if there is nothing to say. */
    public String cure() {
        return cure;
    }

    private static String message(String text, Map<String, String> context, String cure) {
        StringBuilder line = new StringBuilder(text);
        if (!context.isEmpty()) {
            line.append(' ').append(context);
        }
        if (!cure.isEmpty()) {
            line.append(". Cure: ").append(cure);
        }
        return line.toString();
    }
}
