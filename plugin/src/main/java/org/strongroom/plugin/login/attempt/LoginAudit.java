package org.strongroom.plugin.login.attempt;

import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.login.attempt.Throttle.Attempt;

/**
 * Tells auditors about logins, before anything is answered: what cannot be recorded does not happen. Thread-safe if the tap is.
 *
 * @param tap returns when the event is durable, or throws
 */
public record LoginAudit(Consumer<AuditEvent> tap) {
    /** In place of a name that nobody has: people type passwords there. */
    private static final String UNKNOWN = "(unknown)";

    /** @param how a static text */
    public void done(AuditType type, String user, String source, String how) {
        tap.accept(AuditEvent.of(type).by(user).fromAddress(source).with("how", how));
    }

    /** A login that nobody has ended who sits before it. */
    public void ended(String user, String why) {
        tap.accept(AuditEvent.of(AuditType.LOGOUT).by(user).with("how", why));
    }

    /** Somebody who showed that they are {@code user}, and may not come in this way. */
    public void refused(String user, String source, String why) {
        tap.accept(AuditEvent.of(AuditType.LOGIN_FAILED)
                .by(user)
                .fromAddress(source)
                .refused(why));
    }

    /** A security key that counts behind itself: one of two is a copy, and nobody knows which. */
    public void copied(String user, String source, String mark) {
        tap.accept(AuditEvent.of(AuditType.ALERT)
                .by(user)
                .fromAddress(source)
                .refused("a security key counts behind itself: there is a copy of it, or two logins came at once")
                .with("securityKey", mark));
    }

    /**
     * Something about a security key.
     *
     * @param how a static text
     * @param mark which one
     */
    public void key(String user, String source, String how, String mark) {
        tap.accept(AuditEvent.of(AuditType.USERS)
                .by(user)
                .fromAddress(source)
                .with("how", how)
                .with("securityKey", mark));
    }

    /** An attempt of which nobody could say whether it was right. */
    public void unanswered(String source, String why) {
        tap.accept(AuditEvent.of(AuditType.LOGIN_FAILED)
                .by(UNKNOWN)
                .fromAddress(source)
                .refused(why));
    }

    /**
     * An attempt that failed, and that from now on attempts have to wait, if that is so.
     *
     * @param user if there is one of the name that was given
     */
    public void failed(Attempt attempt, Optional<String> user, String source, String why) {
        String name = user.orElse(UNKNOWN);
        tap.accept(AuditEvent.of(AuditType.LOGIN_FAILED)
                .by(name)
                .fromAddress(source)
                .refused(why));
        if (attempt.lockedOut()) {
            tap.accept(AuditEvent.of(AuditType.LOCK_OUT)
                    .by(name)
                    .fromAddress(source)
                    .refused(why));
        }
    }
}
