package org.strongroom.plugin.login.emergency;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A patient whom somebody has opened for themselves in an emergency. Immutable; PHI.
 *
 * @param id random
 * @param user who has
 * @param tenants in which
 * @param patientId as it was typed
 * @param patients what Orthanc may call the patient, as {@link org.strongroom.plugin.access.Principal.Opened} has it
 * @param reason as it was typed
 * @param until when it is over by itself
 * @param ended whether the end is in the audit log
 * @param review null until somebody else has looked at it
 */
public record Emergency(
        String id,
        String user,
        List<String> tenants,
        String patientId,
        List<UUID> patients,
        String reason,
        Instant begun,
        Instant until,
        boolean ended,
        Review review) {
    /** Somebody has looked at it. */
    record Review(String by, Instant at, String note) {}

    public Emergency {
        tenants = List.copyOf(tenants);
        patients = List.copyOf(patients);
    }

    public boolean isOpen(Instant now) {
        return !ended && now.isBefore(until) && !now.isBefore(begun.minusSeconds(CLOCK_SET_BACK));
    }

    /** A clock that was set back further than this must not make an emergency longer. */
    private static final long CLOCK_SET_BACK = 60;

    Optional<Review> findReview() {
        return Optional.ofNullable(review);
    }

    Emergency over(Instant now) {
        Instant end = now.isBefore(until) ? now : until;
        return new Emergency(id, user, tenants, patientId, patients, reason, begun, end, true, review);
    }

    Emergency reviewed(Review by) {
        return new Emergency(id, user, tenants, patientId, patients, reason, begun, until, ended, by);
    }

    /** Only id and user. */
    @Override
    public String toString() {
        return id + " " + user;
    }
}
