package org.strongroom.plugin.webauthn;

/** What an {@link Assertion} has shown. */
public sealed interface Verdict {
    /**
     * That the key is there, and somebody has touched it.
     *
     * @param counter of this signature
     */
    record Shown(long counter) implements Verdict {}

    /** That a key with these secrets is there, which counts behind the one that was here before: one of them is a copy. */
    record Copied() implements Verdict {}

    /** Nothing. */
    record Wrong() implements Verdict {}
}
