package org.strongroom.plugin.login.share;

import java.time.Duration;
import java.time.Instant;
import org.strongroom.plugin.access.Shared;

/**
 * A link to one study that a user has made for somebody. Immutable; PHI.
 *
 * @param id names it, and is no secret
 * @param hash SHA-256 of the secret
 * @param user who has made it
 * @param tenant whose the study was then
 * @param study Orthanc's id
 * @param key of the study then: another one has it, if the study was erased and came again
 * @param download whether archives are permitted, too
 * @param note whom it is for, in its maker's words
 * @param until when it is over by itself
 * @param uses how often it was opened
 * @param used when last; null if never
 * @param ended when it was, before its time or not; null while it is good
 */
public record ShareLink(
        String id,
        String hash,
        String user,
        String tenant,
        String study,
        String key,
        boolean download,
        String note,
        Instant made,
        Instant until,
        int uses,
        Instant used,
        Instant ended) {
    /** A clock that was set back further than this must not make a link longer. */
    private static final Duration CLOCK_SET_BACK = Duration.ofMinutes(1);

    private static final String PREFIX = "share:";

    /** By what whoever holds it is called: no user's name has a colon. */
    public String name() {
        return PREFIX + id;
    }

    /** The id of the link in such a name; empty if it is a user's. */
    public static String idIn(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
    }

    Shared shared() {
        return new Shared(tenant, study);
    }

    /** @param longest that any link may be good, whenever it was made */
    boolean isOpen(Instant now, Duration longest) {
        return ended == null
                && now.isBefore(end(longest))
                && !now.isBefore(lastKnown().minus(CLOCK_SET_BACK));
    }

    public Instant end(Duration longest) {
        Instant latest = made.plus(longest);
        return until.isAfter(latest) ? latest : until;
    }

    /** The latest time that is known to have passed. */
    private Instant lastKnown() {
        return used == null || used.isBefore(made) ? made : used;
    }

    ShareLink usedAt(Instant now) {
        return new ShareLink(id, hash, user, tenant, study, key, download, note, made, until, uses + 1, now, ended);
    }

    ShareLink endedAt(Instant now) {
        return new ShareLink(id, hash, user, tenant, study, key, download, note, made, until, uses, used, now);
    }

    /** Only id and user. */
    @Override
    public String toString() {
        return id + " " + user;
    }
}
