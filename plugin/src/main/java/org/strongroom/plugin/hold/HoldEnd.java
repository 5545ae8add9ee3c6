package org.strongroom.plugin.hold;

/**
 * What the end of a hold says. Immutable; PHI.
 *
 * @param owner who ended it
 * @param reason why
 */
public record HoldEnd(String owner, String reason) {
    /** @throws org.strongroom.core.error.StrongroomException REFUSED if a text is empty or too long */
    public HoldEnd {
        HoldText.require(owner);
        HoldText.require(reason);
    }

    /** Says nothing: it is PHI. */
    @Override
    public String toString() {
        return "***";
    }
}
