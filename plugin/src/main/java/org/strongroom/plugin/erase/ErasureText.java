package org.strongroom.plugin.erase;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Who ordered an erasure, agreed to it or withdrew it, and why. What it is about is not told: it would outlive what is erased. Immutable.
 *
 * @param owner who
 * @param reason why
 */
public record ErasureText(String owner, String reason) {
    /** Both, in any language, fit into an entry of the journal. */
    private static final int LONGEST = 300;

    /** @throws StrongroomException REFUSED if a text is empty or too long */
    public ErasureText {
        require(owner);
        require(reason);
    }

    static void require(String text) {
        if (text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "a text of an erasure is empty, too long, or has control characters")
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
