package org.strongroom.plugin.login.account;

import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.plugin.openid.Person;

/**
 * Everybody who may come in: the users of the settings, and those of the directory or provider, if there is one. A name of the settings, however it is
 * written, is never asked of the directory: whoever can make entries there must not become somebody here. Thread-safe.
 */
public final class People {
    private final Map<String, Account> accounts;
    private final Set<String> own;
    private final Passwords passwords;
    private final Optional<DirectoryAccounts> directory;
    private final Optional<OpenIdAccounts> openId;

    /** @param accounts of the settings, by name */
    public People(
            Map<String, Account> accounts,
            Optional<DirectoryAccounts> directory,
            Optional<OpenIdAccounts> openId,
            SecureRandom random) {
        this.accounts = Map.copyOf(accounts);
        this.own = accounts.keySet().stream().map(People::lower).collect(Collectors.toUnmodifiableSet());
        this.passwords = new Passwords(accounts, random);
        this.directory = directory;
        this.openId = openId;
    }

    /** Whom {@code typed} means. Several ways to write one user are one name, so that attempts are counted together. */
    public String named(String typed) {
        return directory.isPresent() && isElsewhere(typed) ? lower(typed) : typed;
    }

    /**
     * Whether this is the user's password. Whoever is not let in has cost the same, whose name ever it was.
     *
     * @param name as {@link #named} gives it
     * @throws StrongroomException UNAVAILABLE if it cannot be told now, and so was no attempt: come again
     */
    public Checked check(String name, Secret password) {
        Optional<Account> account = passwords.check(name, password);
        if (account.isPresent()) {
            return Checked.in(account.get());
        }
        if (directory.isPresent() && isElsewhere(name)) {
            return directory.get().check(name, password);
        }
        Checked wrong = Checked.out(Optional.ofNullable(accounts.get(name)).map(Account::name), "wrong password");
        return directory.isPresent() && isSilent(directory.get(), password) ? wrong.asUnanswered() : wrong;
    }

    private static boolean isSilent(DirectoryAccounts directory, Secret password) {
        try {
            directory.pretend(password);
            return false;
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return true;
            }
            throw e;
        }
    }

    /**
     * Somebody who has shown who they are before.
     *
     * @throws StrongroomException UNAVAILABLE if somebody else has to say who that is, and does not answer or has not for long
     */
    public Optional<Account> find(String name) {
        Account account = accounts.get(name);
        if (account != null || !isElsewhere(name)) {
            return Optional.ofNullable(account);
        }
        return directory.isPresent() ? directory.get().find(name) : openId.flatMap(all -> all.find(name));
    }

    /** The same as far as it was said before, however long ago that is; nobody is asked. */
    public Optional<Account> known(String name) {
        Account account = accounts.get(name);
        if (account != null || !isElsewhere(name)) {
            return Optional.ofNullable(account);
        }
        return directory.isPresent() ? directory.get().known(name) : openId.flatMap(all -> all.known(name));
    }

    /** Whom the OpenID Connect provider has named just now, if they may come in. */
    public Checked named(Person person) {
        String name = lower(person.name());
        // As it is written: lower case turns some letters of other alphabets into ASCII.
        if (!person.name().matches(AccessSettings.USER_NAME) || AuditEvent.isNoPersons(name)) {
            openId.orElseThrow().namedOtherwise(person);
            return Checked.out(Optional.empty(), "the provider gives a name that no user can have");
        } else if (!isElsewhere(name)) {
            openId.orElseThrow().namedOtherwise(person);
            return Checked.out(Optional.of(name), "the provider gives the name of a user of the settings");
        }
        return openId.orElseThrow().named(name, person);
    }

    private boolean isElsewhere(String name) {
        return name.matches(AccessSettings.USER_NAME) && !AuditEvent.isNoPersons(name) && !own.contains(lower(name));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
