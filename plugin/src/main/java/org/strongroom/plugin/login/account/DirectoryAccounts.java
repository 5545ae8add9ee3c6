package org.strongroom.plugin.login.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.directory.Member;
import org.strongroom.plugin.directory.Verdict;

/**
 * Users of the directory. What it says of somebody is remembered, and asked again as long as they come; while it is silent that counts for
 * {@code Outage}, and then nobody is anybody. Thread-safe.
 */
public final class DirectoryAccounts {
    private static final Duration ABSENT = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final Directory directory;
    private final Roles roles;
    private final LoginSettings login;
    private final InstantSource clock;
    private final Consumer<String> gone;
    private volatile boolean probed;
    private final Map<String, Known> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };

    /** @param asked whether somebody has come since it was said */
    private record Known(Optional<Account> account, Instant said, boolean asked) {
        Duration age(Instant now) {
            return Duration.between(said, now);
        }
    }

    /** @param gone told the name of whoever was a user and is none any more */
    public DirectoryAccounts(
            Directory directory, Roles roles, LoginSettings login, InstantSource clock, Consumer<String> gone) {
        this.directory = directory;
        this.roles = roles;
        this.login = login;
        this.clock = clock;
        this.gone = gone;
    }

    /**
     * Whether this is somebody's password, now.
     *
     * @param name in lower case
     * @throws StrongroomException UNAVAILABLE if the directory does not answer
     */
    Checked check(String name, Secret password) {
        Verdict verdict = directory.check(name, password);
        if (!(verdict instanceof Verdict.In in)) {
            Verdict.Out out = (Verdict.Out) verdict;
            return Checked.out(out.name(), out.why());
        }
        if (!in.member().name().equals(name)) {
            return Checked.out(Optional.empty(), "another name than the entry's own");
        }
        Account account = account(in.member());
        remember(name, Optional.of(account));
        return Checked.in(account);
    }

    /** As {@link Directory#pretend}. */
    void pretend(Secret password) {
        directory.pretend(password);
    }

    /**
     * Somebody who has shown who they are before; waits for the directory only if it has not said lately who that is.
     *
     * @throws StrongroomException UNAVAILABLE if the directory does not answer, and has not for long
     */
    Optional<Account> find(String name) {
        Instant now = clock.instant();
        Optional<Known> last = comes(name, now);
        if (last.isEmpty()) {
            return ask(name);
        }
        if (!isDue(last.get(), now) || directory.isSilent()) {
            return last.get().account();
        }
        try {
            return ask(name);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return last.get().account();
            }
            throw e;
        }
    }

    /** Who that was when the directory was asked last. */
    Optional<Account> known(String name) {
        synchronized (known) {
            return Optional.ofNullable(known.get(name)).flatMap(Known::account);
        }
    }

    /** What was said of somebody who comes now, if it still counts. */
    private Optional<Known> comes(String name, Instant now) {
        synchronized (known) {
            Optional<Known> last = Optional.ofNullable(known.get(name)).filter(one -> counts(one, now));
            last.ifPresent(one -> known.put(name, new Known(one.account(), one.said(), true)));
            return last;
        }
    }

    private boolean counts(Known last, Instant now) {
        Duration longest = last.account().isPresent() ? directory.outage() : ABSENT;
        Duration age = last.age(now);
        return !age.isNegative() && age.compareTo(longest) < 0;
    }

    /** Asks again about everybody who has come since it was asked last. */
    public void recheck() {
        try {
            if (!probed || directory.isSilent()) {
                probed = true;
                directory.probe(); // whoever looks at the status or the log is to know before anybody wants to log in
            }
            due(clock.instant()).forEach(this::ask);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.UNAVAILABLE) { // the directory's room says that
                throw e;
            }
        }
    }

    private List<String> due(Instant now) {
        synchronized (known) {
            known.values().removeIf(last -> !counts(last, now));
            return known.entrySet().stream()
                    .filter(entry ->
                            isDue(entry.getValue(), now) && entry.getValue().asked())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private boolean isDue(Known last, Instant now) {
        return last.age(now).isNegative() || last.age(now).compareTo(directory.recheck()) >= 0;
    }

    private Optional<Account> ask(String name) {
        Optional<Account> account = directory.find(name) instanceof Verdict.In in
                        && in.member().name().equals(name)
                ? Optional.of(account(in.member()))
                : Optional.empty();
        remember(name, account);
        if (account.isEmpty()) {
            gone.accept(name);
        }
        return account;
    }

    private void remember(String name, Optional<Account> account) {
        synchronized (known) {
            known.remove(name); // who was asked about last is forgotten last
            known.put(name, new Known(account, clock.instant(), false));
        }
    }

    private Account account(Member member) {
        List<String> own = member.groups().stream()
                .flatMap(group -> group.roles().stream())
                .toList();
        return new Account(
                roles.principal(member.name(), member.groups(), member.physicians()),
                Optional.empty(),
                own.stream().anyMatch(login.secondFactor()::contains),
                own.stream().anyMatch(login.basic()::contains),
                Optional.of(new Account.Elsewhere(member.stamp(), "password of the directory")));
    }
}
