package org.strongroom.plugin.hold;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * What a hold says. Immutable; PHI.
 *
 * @param owner who wants it
 * @param reason why
 * @param kind what it is on
 * @param name of the study, patient or tenant, as a person typed it
 */
public record HoldText(String owner, String reason, Kind kind, String name) {
    /** What a hold is on. */
    public enum Kind {
        STUDY,
        PATIENT,
        TENANT;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** All three, in any language, fit into an entry of the journal. */
    private static final int LONGEST = 300;

    /** @throws StrongroomException REFUSED if a text is empty or too long */
    public HoldText {
        require(owner);
        require(reason);
        Objects.requireNonNull(kind, "kind");
        require(name);
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
