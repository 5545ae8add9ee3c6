package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether an account is in force, in the ways that directories write it down. Stateless. */
final class Standing {
    /** To be asked for by name: most of them are not among what a directory gives unasked. */
    static final List<String> ATTRIBUTES =
            List.of("userAccountControl", "accountExpires", "pwdAccountLockedTime", "nsAccountLock");

    /** MS-ADTS §2.2.16. */
    private static final int ACCOUNT_DISABLED = 0x2;
    /** In accountExpires; so is 0. */
    private static final long NEVER = Long.MAX_VALUE;
    /** From 1601 to 1970. */
    private static final long EPOCH_MILLISECONDS = 11_644_473_600_000L;

    private static final long TICKS_IN_A_MILLISECOND = 10_000;
    /** What OpenLDAP's ppolicy writes for "until somebody unlocks it". */
    private static final String FOR_EVER = "000001010000Z";

    private Standing() {}

    /** Why the account is not in force at {@code now}; empty if it is. */
    static Optional<String> trouble(Entry entry, Instant now) {
        Long control = entry.getAttributeValueAsLong("userAccountControl");
        boolean disabled = (control != null && (control & ACCOUNT_DISABLED) != 0)
                || FOR_EVER.equals(entry.getAttributeValue("pwdAccountLockedTime"))
                || "true".equalsIgnoreCase(entry.getAttributeValue("nsAccountLock"));
        if (disabled) {
            return Optional.of("disabled in the directory");
        }
        Long expires = entry.getAttributeValueAsLong("accountExpires");
        boolean ends = expires != null && expires != 0 && expires != NEVER;
        return ends && now.toEpochMilli() >= expires / TICKS_IN_A_MILLISECOND - EPOCH_MILLISECONDS
                ? Optional.of("expired in the directory")
                : Optional.empty();
    }
}
