package org.strongroom.sidecar.audit;

/**
 * What a verification found. Immutable.
 *
 * @param ok whether every entry is the one that was recorded, as far as can be told from what was looked at
 * @param size entries that the checkpoint speaks of
 * @param firstBad index of the first entry that was altered, removed, inserted or moved, or a lower bound for it; null if none was, or
 *     nothing tells which
 * @param reason why it is not ok, a static text; null if it is
 */
public record Verdict(boolean ok, long size, Long firstBad, String reason) {
    static Verdict good(long size) {
        return new Verdict(true, size, null, null);
    }

    static Verdict bad(long size, Long firstBad, String reason) {
        return new Verdict(false, size, firstBad, reason);
    }

    /** This one, unless the other one is bad from an earlier entry on. */
    Verdict earlier(Verdict other) {
        if (ok || other.ok) {
            return ok ? other : this;
        }
        boolean other0 = other.firstBad != null && (firstBad == null || other.firstBad < firstBad);
        return other0 ? other : this;
    }
}
