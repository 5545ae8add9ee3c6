package org.strongroom.plugin.hold;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.KeyList;

/**
 * What a hold says. Immutable; PHI.
 *
 * @param owner who wants it
 * @param reason why
 * @param kind what it is on
 * @param name of the study, patient or tenant, as a person typed it; or what was asked for
 * @param keys digest of the keys of what was found; null of what has a name, by which anybody with the keys finds it again
 * @param restricts whether it is shown to nobody as well, and changed by nobody; of a study or patient only
 */
public record HoldText(
        String owner,
        String reason,
        Kind kind,
        String name,
        @JsonInclude(JsonInclude.Include.NON_NULL) String keys,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean restricts) {
    /** What a hold is on. */
    public enum Kind {
        STUDY,
        PATIENT,
        TENANT,
        QUERY;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Each of the three, in any language, fit into an entry of the journal. */
    private static final int LONGEST = 300;

    /** @throws StrongroomException REFUSED if a text is empty or too long */
    public HoldText {
        require(owner);
        require(reason);
        Objects.requireNonNull(kind, "kind");
        require(name);
        if ((kind == Kind.QUERY) != (keys != null)) {
            throw new IllegalArgumentException("only a query has keys of its own");
        }
        if (restricts && kind != Kind.STUDY && kind != Kind.PATIENT) {
            throw new IllegalArgumentException("a tenant or a query is not restricted");
        }
    }

    /** Of what has a name. */
    public HoldText(String owner, String reason, Kind kind, String name) {
        this(owner, reason, kind, name, null, false);
    }

    /** Of the keys that somebody has found. */
    public static HoldText query(String owner, String reason, String words, Collection<UUID> found) {
        return new HoldText(owner, reason, Kind.QUERY, words, KeyList.digest(found), false);
    }

    /** The same, which is shown to nobody as well. */
    public HoldText restricting() {
        return new HoldText(owner, reason, kind, name, keys, true);
    }

    /** Whether these are the keys that a person meant, if it was keys. */
    boolean isAbout(Collection<UUID> held) {
        return keys == null || keys.equals(KeyList.digest(held));
    }

    static void require(String text) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "a text of a hold is empty, too long, or has control characters")
                    .with("characters", text.length())
                    .cure("Write 1 to " + LONGEST + " characters in one line");
        }
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
