package org.strongroom.core.error;

/** Why something was not done; decides whether a caller may try again. */
public enum FailureKind {
    /** Policy or input forbids it; trying again changes nothing until a person does. */
    REFUSED,
    /** The thing is known not to exist (never used when a store could not be asked). */
    NOT_FOUND,
    /** Authentication of bytes failed: quarantine, try another replica, alert. */
    CORRUPT,
    /** Genuine bytes that the newest journal does not know: a replay or an old listing. */
    STALE,
    /** A line, store or process does not answer now: try again, for ever. */
    UNAVAILABLE,
    /** The bytes are whole and in a store's archive: somebody must ask for them, and they are back hours later. */
    ARCHIVED,
    /** No room: try again when space has been made. */
    FULL,
    /** Our own mistake. */
    BUG;

    /** Whether the same call may succeed later without anybody changing anything here. */
    public boolean retryable() {
        return this == UNAVAILABLE || this == FULL;
    }
}
