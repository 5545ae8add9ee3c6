package org.strongroom.plugin.login.factor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is remembered of one user beside the settings. Immutable.
 *
 * @param factor null if no app is set up
 * @param keys null in a record of before there were any
 * @param recoveryCodes SHA-256 of those that are left
 * @param acknowledged null if no policy ever was
 */
public record AccountRecord(
        String user,
        Factor factor,
        List<SecurityKey> keys,
        List<String> recoveryCodes,
        List<AppToken> tokens,
        Acknowledgement acknowledged) {
    /**
     * A generator of codes that the user holds.
     *
     * @param secret base32
     * @param lastStep of the last code that was used: no code is good twice
     */
    public record Factor(String secret, long lastStep) {}

    /** @param policy SHA-256 of the text */
    public record Acknowledgement(String policy, Instant at) {}

    public AccountRecord {
        keys = keys == null ? List.of() : List.copyOf(keys);
        recoveryCodes = recoveryCodes == null ? List.of() : List.copyOf(recoveryCodes);
        tokens = tokens == null ? List.of() : List.copyOf(tokens);
    }

    public static AccountRecord of(String user) {
        return new AccountRecord(user, null, List.of(), List.of(), List.of(), null);
    }

    public Optional<Factor> findFactor() {
        return Optional.ofNullable(factor);
    }

    /** Whether there is an app or a key: then the password alone lets nobody in. */
    public boolean hasSecondFactor() {
        return factor != null || !keys.isEmpty();
    }

    /** Whether something that lets in, or keeps out, belongs to this user. */
    public boolean hasThings() {
        return hasSecondFactor() || !recoveryCodes.isEmpty() || !tokens.isEmpty();
    }

    /** This one with a code of its generator used up; empty if it is not the right one now, or was used before. */
    public Optional<AccountRecord> using(String code, Instant now) {
        return findFactor().flatMap(held -> {
            OptionalLong step = OneTimeCodes.match(held, code, now);
            return step.isEmpty()
                    ? Optional.empty()
                    : Optional.of(with(new Factor(held.secret(), step.getAsLong()), recoveryCodes));
        });
    }

    /** This one with a recovery code used up; empty if it is none of them. */
    public Optional<AccountRecord> usingRecovery(String code) {
        return RecoveryCodes.use(recoveryCodes, code).map(left -> with(factor, left));
    }

    public AccountRecord with(Factor other, List<String> codes) {
        return new AccountRecord(user, other, keys, codes, tokens, acknowledged);
    }

    public AccountRecord with(List<AppToken> others) {
        return new AccountRecord(user, factor, keys, recoveryCodes, others, acknowledged);
    }

    public AccountRecord withKeys(List<SecurityKey> others) {
        return new AccountRecord(user, factor, others, recoveryCodes, tokens, acknowledged);
    }

    public AccountRecord with(Acknowledgement latest) {
        return new AccountRecord(user, factor, keys, recoveryCodes, tokens, latest);
    }
}
