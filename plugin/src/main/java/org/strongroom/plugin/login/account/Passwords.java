package org.strongroom.plugin.login.account;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.HmacSha256;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.secret.PasswordHash;
import org.strongroom.plugin.login.secret.Tokens;

/**
 * Checks passwords. A name that nobody has costs what the name of a user costs, so that time does not tell who works here;
 * one password is checked at a time, so that memory is not at the mercy of whoever asks. Thread-safe.
 */
final class Passwords {
    /** More than this is no password but an attack on memory. */
    private static final int LONGEST = 1024;

    private static final int WAIT_SECONDS = 5;

    private final Map<String, Account> accounts;
    private final List<PasswordHash> decoys;
    private final byte[] choice;
    private final Semaphore one = new Semaphore(1, true);

    /** @param accounts by name */
    Passwords(Map<String, Account> accounts, SecureRandom random) {
        this.accounts = Map.copyOf(accounts);
        List<PasswordHash> real = accounts.values().stream()
                .map(Account::password)
                .flatMap(Optional::stream)
                .toList();
        this.decoys = real.isEmpty() ? List.of(PasswordHash.of(Secret.of(Tokens.random(random)), random)) : real;
        this.choice = Key32.random(random).toBytes();
    }

    /**
     * The account, if this is its password.
     *
     * @throws StrongroomException UNAVAILABLE if many are being checked: come again
     */
    Optional<Account> check(String user, Secret password) {
        Optional<Account> account = account(user);
        Optional<PasswordHash> real = account.flatMap(Account::password);
        boolean possible = password.reveal().length() <= LONGEST;
        boolean right = matches(real.orElseGet(() -> decoy(user)), possible ? password : Secret.of(""));
        return account.filter(found -> right && possible && real.isPresent());
    }

    Optional<Account> account(String user) {
        return Optional.ofNullable(accounts.get(user));
    }

    /** The same one for a name every time, in the way that costs are spread among users. */
    private PasswordHash decoy(String user) {
        byte[] hash = HmacSha256.of(choice, user.getBytes(StandardCharsets.UTF_8));
        return decoys.get(Math.floorMod(hash[0] << 8 | (hash[1] & 0xff), decoys.size()));
    }

    private boolean matches(PasswordHash hash, Secret password) {
        try {
            if (!one.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy().causedBy(e);
        }
        try {
            return hash.matches(password);
        } finally {
            one.release();
        }
    }

    private static StrongroomException busy() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "too many passwords are being checked")
                .cure("Try again in some seconds");
    }
}
