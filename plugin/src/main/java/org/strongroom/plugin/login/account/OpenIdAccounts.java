package org.strongroom.plugin.login.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.settings.OpenIdGroupSettings;
import org.strongroom.core.settings.OpenIdSettings;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.StateFile;
import org.strongroom.plugin.openid.Person;

/**
 * Users whom an OpenID Connect provider has named: what it said of them counts for a while, across restarts. A name is the person's who
 * came with it first, until it is reset: second factor and tokens belong to it. Thread-safe.
 */
public final class OpenIdAccounts {
    private static final String DAMAGED = "what the OpenID Connect provider said of users is damaged";
    private static final String CURE =
            "Restore it from a backup, or move it away: names are anybody's then whom the provider gives them to, but those with"
                    + " second factors or tokens nobody's before strongroom user reset";

    private final StateFile<Content> file;
    private final OpenIdSettings settings;
    private final Roles roles;
    private final LoginSettings login;
    private final InstantSource clock;
    private final Predicate<String> hasThings;
    private final Consumer<String> gone;
    /** Changed under its monitor. */
    private final Map<String, Said> known = new ConcurrentHashMap<>();

    /** What the file holds. */
    record Content(List<Said> users) {
        Content {
            users = users == null ? List.of() : List.copyOf(users);
        }
    }

    /**
     * What the provider said of somebody.
     *
     * @param subject SHA-256 of who that is there, and where
     * @param groups those of the settings; none if they may not come in any more
     */
    record Said(String user, String subject, List<String> groups, List<String> physicians, Instant at) {
        Said {
            groups = groups == null ? List.of() : List.copyOf(groups);
            physicians = physicians == null ? List.of() : List.copyOf(physicians);
        }

        Said nothing(Instant now) {
            return new Said(user, subject, List.of(), List.of(), now);
        }
    }

    private OpenIdAccounts(
            StateFile<Content> file,
            OpenIdSettings settings,
            Roles roles,
            LoginSettings login,
            InstantSource clock,
            Predicate<String> hasThings,
            Consumer<String> gone) {
        this.file = file;
        this.settings = settings;
        this.roles = roles;
        this.login = login;
        this.clock = clock;
        this.hasThings = hasThings;
        this.gone = gone;
    }

    /**
     * Takes up what was said before the last stop.
     *
     * @param hasThings whether something that lasts belongs to a name already: second factors, app tokens
     * @param gone told the name of whoever was a user and is none any more
     * @throws StrongroomException CORRUPT if that is damaged: nobody would know whose names are
     */
    public static OpenIdAccounts open(
            Path folder,
            Keyring keyring,
            OpenIdSettings settings,
            Roles roles,
            LoginSettings login,
            InstantSource clock,
            Predicate<String> hasThings,
            Consumer<String> gone)
            throws IOException {
        StateFile<Content> file = file(folder, keyring);
        OpenIdAccounts accounts = new OpenIdAccounts(file, settings, roles, login, clock, hasThings, gone);
        file.read(DAMAGED, CURE)
                .ifPresent(content -> content.users().forEach(said -> accounts.known.put(said.user(), said)));
        return accounts;
    }

    private static StateFile<Content> file(Path folder, Keyring keyring) {
        return new StateFile<>(folder.resolve("openid.strs"), "openid", keyring, Content.class);
    }

    /** Forgets whose a name is, durably, where Orthanc does not run; says whether anybody's. */
    public static boolean forget(Path folder, Keyring keyring, String user) throws IOException {
        StateFile<Content> file = file(folder, keyring);
        List<Said> all = file.read(DAMAGED, CURE).map(Content::users).orElse(List.of());
        List<Said> others =
                all.stream().filter(said -> !said.user().equals(user)).toList();
        if (others.size() < all.size()) {
            file.write(new Content(others));
        }
        return others.size() < all.size();
    }

    /**
     * Whether somebody whom the provider has named just now may come in.
     *
     * @param name in lower case, and of nobody in the settings
     */
    Checked named(String name, Person person) {
        String subject = subject(person);
        List<OpenIdGroupSettings> groups = groups(person.groups());
        synchronized (known) {
            endOthers(subject, name);
            Said before = known.get(name);
            if (before != null && !before.subject().equals(subject)) {
                return Checked.out(
                        Optional.of(name), "another person had this name at the provider: strongroom user reset");
            } else if (before == null && hasThings.test(name)) {
                return Checked.out(
                        Optional.of(name),
                        "second factors or app tokens of another user are under this name: strongroom user reset");
            } else if (groups.isEmpty()) {
                end(name);
                return Checked.out(Optional.of(name), "in none of the groups of the settings");
            }
            List<String> named = groups.stream().map(OpenIdGroupSettings::group).toList();
            Said said = new Said(name, subject, named, person.physicians(), clock.instant());
            put(said);
            return Checked.in(account(said, groups));
        }
    }

    /** Somebody whom the provider gives a name that is not for them: what they had under others ends, too. */
    void namedOtherwise(Person person) {
        synchronized (known) {
            endOthers(subject(person), "");
        }
    }

    /** Somebody who was renamed there is not two users here. */
    private void endOthers(String subject, String name) {
        known.values().stream()
                .filter(said -> said.subject().equals(subject) && !said.user().equals(name))
                .map(Said::user)
                .toList()
                .forEach(this::end);
    }

    private void end(String name) {
        Said before = known.get(name);
        if (before != null) {
            if (!before.groups().isEmpty()) {
                put(before.nothing(clock.instant()));
            }
            gone.accept(name);
        }
    }

    private void put(Said said) {
        Said before = known.put(said.user(), said);
        try {
            file.write(new Content(List.copyOf(known.values())));
        } catch (RuntimeException e) {
            if (before == null) {
                known.remove(said.user());
            } else if (!said.groups().isEmpty()) { // a right that was taken away stays away
                known.put(said.user(), before);
            }
            throw e;
        }
    }

    /**
     * Somebody whom the provider has named before.
     *
     * @throws StrongroomException UNAVAILABLE if that was too long ago: nobody can ask it again without them
     */
    Optional<Account> find(String name) {
        Said said = known.get(name);
        List<OpenIdGroupSettings> groups = said == null ? List.of() : groups(said.groups());
        if (groups.isEmpty()) {
            return Optional.empty();
        }
        Duration age = Duration.between(said.at(), clock.instant());
        if (age.isNegative() || age.compareTo(settings.valid()) >= 0) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE,
                            "it is too long ago that the OpenID Connect provider named this user")
                    .cure("The user has to log in again, with a browser");
        }
        return Optional.of(account(said, groups));
    }

    /** Who that was when the provider named them last. */
    Optional<Account> known(String name) {
        Said said = known.get(name);
        List<OpenIdGroupSettings> groups = said == null ? List.of() : groups(said.groups());
        return groups.isEmpty() ? Optional.empty() : Optional.of(account(said, groups));
    }

    private List<OpenIdGroupSettings> groups(List<String> named) {
        return settings.groups().stream()
                .filter(group -> named.contains(group.group()))
                .toList();
    }

    private Account account(Said said, List<OpenIdGroupSettings> groups) {
        List<String> own =
                groups.stream().flatMap(group -> group.roles().stream()).toList();
        return new Account(
                roles.principal(said.user(), groups, said.physicians()),
                Optional.empty(),
                own.stream().anyMatch(login.secondFactor()::contains),
                false,
                Optional.of(new Account.Elsewhere(said.subject(), "OpenID Connect")));
    }

    private String subject(Person person) {
        String whole = settings.issuer() + "\n" + person.subject();
        return Sha256.of(whole.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
