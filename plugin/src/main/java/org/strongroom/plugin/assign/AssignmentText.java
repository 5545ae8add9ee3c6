package org.strongroom.plugin.assign;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Who gives studies away, why, and to whom. Immutable; people write names into reasons.
 *
 * @param by who
 * @param reason why
 * @param from the tenant whose they are, by name
 * @param to the tenant whose they become, by name
 */
public record AssignmentText(String by, String reason, String from, String to) {
    /** All of them, in any language, fit into an entry of the journal. */
    private static final int LONGEST = 200;

    /** @throws StrongroomException REFUSED if a text is empty or too long, or nothing changes */
    public AssignmentText {
        require(by);
        require(reason);
        require(from);
        require(to);
        if (from.equals(to)) {
            throw StrongroomException.of(FailureKind.REFUSED, "a study is this tenant's already")
                    .with("tenant", to);
        }
    }

    private static void require(String text) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "a text of an assignment is empty, too long, or has control characters")
                    .with("characters", text.length())
                    .cure("Write 1 to " + LONGEST + " characters in one line");
        }
    }

    /** Says nothing: people write names. */
    @Override
    public String toString() {
        return "***";
    }
}
