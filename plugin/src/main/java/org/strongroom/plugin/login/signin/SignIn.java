package org.strongroom.plugin.login.signin;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Checked;
import org.strongroom.plugin.login.account.People;
import org.strongroom.plugin.login.attempt.Guard;
import org.strongroom.plugin.login.attempt.LoginAudit;
import org.strongroom.plugin.login.attempt.Throttle.Attempt;
import org.strongroom.plugin.login.factor.AccountRecord;
import org.strongroom.plugin.login.factor.AccountRecords;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.factor.RecoveryCodes;
import org.strongroom.plugin.login.factor.SecurityKey;
import org.strongroom.plugin.login.factor.SecurityKeys;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.request.Source;
import org.strongroom.plugin.login.secret.Tokens;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.session.Sessions;
import org.strongroom.plugin.login.signin.Outcome.Step;
import org.strongroom.plugin.webauthn.Assertion;
import org.strongroom.plugin.webauthn.Creation;
import org.strongroom.plugin.webauthn.Verdict;

/** The steps from a password to a session. What an auditor wants to know is recorded before anything is answered. Thread-safe. */
public final class SignIn {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final People people;
    private final Guard guard;
    private final Sessions sessions;
    private final AccountRecords records;
    private final SecurityKeys keys;
    private final Optional<Policy> policy;
    private final LoginAudit audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final PendingLogins pending;

    public SignIn(
            People people,
            Guard guard,
            Sessions sessions,
            AccountRecords records,
            SecurityKeys keys,
            Optional<Policy> policy,
            LoginAudit audit,
            InstantSource clock,
            SecureRandom random) {
        this.people = people;
        this.guard = guard;
        this.sessions = sessions;
        this.records = records;
        this.keys = keys;
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
        this.pending = new PendingLogins(sessions::isOn, clock);
    }

    /** The first step. */
    public Outcome password(
            String typed, Secret password, String source, Optional<String> device, ReturnPath to, String fragment) {
        String user = people.named(typed);
        Attempt attempt = guard.attempt("password", user, source, device);
        if (!attempt.permitted()) {
            return new Outcome.Wait(attempt.delay());
        }
        Checked checked;
        try {
            checked = people.check(user, password);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.UNAVAILABLE) {
                throw e;
            }
            guard.takeBack(attempt);
            audit.unanswered(source, e.text());
            return new Outcome.Unanswered();
        }
        if (checked.account().isEmpty()) {
            audit.failed(attempt, checked.known(), source, checked.why());
            return checked.unanswered() ? new Outcome.Unanswered() : new Outcome.Failed();
        }
        guard.succeeded(attempt);
        return next(begin(checked.account().get(), source, device, to, fragment, Optional.empty(), Wish.ENTER));
    }

    /** The first step of somebody whom the OpenID Connect provider has named. */
    public Outcome named(Account account, String source, Optional<String> device, ReturnPath to, String fragment) {
        return next(begin(account, source, device, to, fragment, Optional.empty(), Wish.ENTER));
    }

    /**
     * What somebody who is logged in does about their second factors. Whoever has one shows it first: a browser that was left alone is
     * not enough to take it away, or to add another one. What ends them all goes on as the same session.
     *
     * @param since their session
     * @throws StrongroomException REFUSED for what cannot be done
     */
    public Outcome change(
            Account account, Session since, Wish wish, String source, Optional<String> device, ReturnPath to) {
        if (wish.kind() == Wish.Kind.ADD_KEY && keys.host().isEmpty()) {
            throw StrongroomException.of(FailureKind.REFUSED, "security keys cannot be used here")
                    .cure("Ask who runs this server: Access.Login.Address says where browsers reach it");
        }
        AccountRecord record = records.of(account.name());
        if (wish.kind() == Wish.Kind.RENEW_CODES && !record.hasSecondFactor()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "there is no second factor that recovery codes could stand for")
                    .cure("Add a key or set up an app: they come with it");
        }
        change(account, wish, record); // refused now, and not after a factor was shown
        return next(begin(account, source, device, to, "", Optional.of(since), wish));
    }

    private String begin(
            Account account,
            String source,
            Optional<String> device,
            ReturnPath to,
            String fragment,
            Optional<Session> since,
            Wish wish) {
        String ticket = Tokens.random(random);
        Instant ends = clock.instant().plus(PATIENCE);
        Optional<String> known = device.filter(sessions::isDevice);
        AccountRecord record = records.of(account.name());
        Factors before = Factors.of(record);
        String secret = OneTimeCodes.newSecret(random);
        String handle = record.keys().isEmpty()
                ? Tokens.random(random)
                : record.keys().get(0).handle();
        Optional<String> none = Optional.empty();
        pending.begin(
                ticket,
                new Pending(
                        account, source, known, to, fragment, since, wish, "", Step.CODE, before, secret, handle, none,
                        ends));
        return ticket;
    }

    /** A code of the generator, or a recovery code. */
    public Outcome code(String ticket, String code) {
        Optional<Pending> login = pending.find(ticket, Step.CODE);
        if (login.isEmpty()) {
            return new Outcome.Expired();
        }
        Optional<Outcome> refused = useCode(ticket, login.get(), code);
        if (refused.isPresent()) {
            return refused.get();
        }
        pending.change(ticket, login.get().withSecondFactor("code"));
        return next(ticket);
    }

    /** A security key. */
    public Outcome key(String ticket, Assertion answer) {
        Optional<Pending> found = pending.find(ticket, Step.CODE);
        if (found.isEmpty()) {
            return new Outcome.Expired();
        }
        Pending login = found.get().answered();
        String user = login.account().name();
        Attempt attempt = guard.attempt("key", user, login.source(), login.device());
        if (!attempt.permitted()) {
            return new Outcome.Wait(attempt.delay());
        }
        Optional<String> challenge = pending.takeChallenge(ticket, Step.CODE);
        if (challenge.isEmpty()) {
            guard.takeBack(attempt);
            return ask(Step.CODE, ticket, login, "This was answered already. Please try again.", List.of());
        }
        Verdict verdict = keys.shown(user, answer, challenge.get());
        if (verdict instanceof Verdict.Shown) {
            guard.succeeded(attempt);
            pending.change(ticket, login.withSecondFactor("security key"));
            return next(ticket);
        }
        if (verdict instanceof Verdict.Copied) {
            audit.copied(user, login.source(), SecurityKey.mark(answer.id()));
        }
        audit.failed(attempt, Optional.of(user), login.source(), "wrong security key");
        return ask(Step.CODE, ticket, login, "This security key does not fit. Please try again.", List.of());
    }

    /** A key that was made for somebody who adds one. */
    public Outcome add(String ticket, Creation answer, String name) {
        Optional<Pending> found =
                pending.find(ticket).filter(login -> login.asked() == Step.SET_UP || login.asked() == Step.ADD_KEY);
        if (found.isEmpty()) {
            return new Outcome.Expired();
        }
        Pending login = found.get().answered();
        String user = login.account().name();
        AccountRecord before = records.of(user);
        Optional<SecurityKey> made = pending.takeChallenge(ticket, login.asked())
                .flatMap(challenge -> keys.created(answer, challenge, name, login.handle()))
                .filter(key -> SecurityKeys.with(before.keys(), key).isPresent());
        if (made.isEmpty()) {
            String problem = "This key could not be added. Please try again, or with another one.";
            return ask(login.asked(), ticket, login, problem, List.of());
        }
        List<String> codes = before.recoveryCodes().isEmpty() ? RecoveryCodes.make(random) : List.of();
        audit.key(user, login.source(), "security key added", made.get().mark());
        boolean done = changeFactors(ticket, login, record -> SecurityKeys.with(record.keys(), made.get())
                .map(record::withKeys)
                .map(more -> codes.isEmpty() ? more : more.with(more.factor(), RecoveryCodes.hashes(codes))));
        if (!done) {
            return new Outcome.Expired();
        }
        Pending granted = granted(login.withSecondFactor("security key"));
        pending.change(ticket, granted);
        return codes.isEmpty() ? next(ticket) : ask(Step.SHOW_CODES, ticket, granted, "", codes);
    }

    private Outcome remove(String ticket, Pending login) {
        Wish wish = login.wish();
        if (wish.kind() == Wish.Kind.REMOVE_KEY) {
            audit.key(login.account().name(), login.source(), "security key removed", SecurityKey.mark(wish.key()));
        } else {
            record(AuditType.USERS, login, "app removed");
        }
        if (!changeFactors(ticket, login, record -> Optional.of(change(login.account(), wish, record)))) {
            return new Outcome.Expired();
        }
        pending.change(ticket, granted(login));
        return next(ticket);
    }

    /** What a wish makes of an account by itself. */
    private static AccountRecord change(Account account, Wish wish, AccountRecord record) {
        return switch (wish.kind()) {
            case REMOVE_KEY -> FactorRemoval.key(account, record, wish.key());
            case REMOVE_APP -> FactorRemoval.app(account, record);
            case ENTER, SET_UP_APP, ADD_KEY, RENEW_CODES -> record;
        };
    }

    private Outcome renewCodes(String ticket, Pending login) {
        List<String> codes = RecoveryCodes.make(random);
        record(AuditType.USERS, login, "recovery codes renewed");
        return changeFactors(
                        ticket, login, record -> Optional.of(record.with(record.factor(), RecoveryCodes.hashes(codes))))
                ? ask(Step.SHOW_CODES, ticket, granted(login), "", codes)
                : new Outcome.Expired();
    }

    /** Not over what was set up meanwhile: that was somebody else, and perhaps the user. Whoever is logged in had other things to show. */
    private boolean changeFactors(
            String ticket, Pending login, Function<AccountRecord, Optional<AccountRecord>> change) {
        String user = login.account().name();
        boolean done = isStill(login)
                && records.change(
                        user,
                        record -> Factors.of(record).equals(login.before()) ? change.apply(record) : Optional.empty());
        if (done) {
            pending.endOthers(user, ticket);
            sessions.end(session -> session.user().equals(user));
        } else {
            record(AuditType.USERS, login, "that was not done: password or second factors had changed meanwhile");
            pending.end(ticket);
        }
        return done;
    }

    /** Empty if the code was right, and now is used up. */
    private Optional<Outcome> useCode(String ticket, Pending login, String code) {
        String user = login.account().name();
        Attempt attempt = guard.attempt("code", user, login.source(), login.device());
        if (!attempt.permitted()) {
            return Optional.of(new Outcome.Wait(attempt.delay()));
        }
        if (records.change(user, record -> record.using(code, clock.instant()))) {
            guard.succeeded(attempt);
            return Optional.empty();
        } else if (records.change(user, record -> record.usingRecovery(code))) {
            guard.succeeded(attempt);
            record(AuditType.USERS, login, "recovery code used");
            return Optional.empty();
        }
        audit.failed(attempt, Optional.of(user), login.source(), "wrong code");
        String problem = "This code is not the right one, or was used before.";
        return Optional.of(ask(Step.CODE, ticket, login, problem, List.of()));
    }

    /** The first code of a generator that is being set up. */
    public Outcome confirm(String ticket, String code) {
        Optional<Pending> found = pending.find(ticket, Step.SET_UP);
        if (found.isEmpty()) {
            return new Outcome.Expired();
        }
        Pending login = found.get();
        AccountRecord.Factor untried = new AccountRecord.Factor(login.newSecret(), 0);
        OptionalLong step = OneTimeCodes.match(untried, code, clock.instant());
        if (step.isEmpty()) {
            String problem = "This code does not fit. Look whether the phone's clock is right.";
            return ask(Step.SET_UP, ticket, login, problem, List.of());
        }
        List<String> codes = RecoveryCodes.make(random);
        AccountRecord.Factor factor = new AccountRecord.Factor(login.newSecret(), step.getAsLong());
        record(AuditType.USERS, login, "second factor set up");
        boolean done =
                changeFactors(ticket, login, record -> Optional.of(record.with(factor, RecoveryCodes.hashes(codes))));
        return done
                ? ask(Step.SHOW_CODES, ticket, granted(login.withSecondFactor("code")), "", codes)
                : new Outcome.Expired();
    }

    /** The recovery codes have been seen. */
    public Outcome seen(String ticket) {
        return pending.find(ticket, Step.SHOW_CODES).isPresent() ? next(ticket) : new Outcome.Expired();
    }

    /** The policy has been read. */
    public Outcome acknowledged(String ticket) {
        Optional<Pending> found = pending.find(ticket, Step.ACKNOWLEDGE);
        if (found.isEmpty() || policy.isEmpty()) {
            return new Outcome.Expired();
        }
        record(AuditType.ACKNOWLEDGEMENT, found.get(), policy.get().hash());
        AccountRecord.Acknowledgement now =
                new AccountRecord.Acknowledgement(policy.get().hash(), clock.instant());
        records.change(found.get().account().name(), record -> Optional.of(record.with(now)));
        return next(ticket);
    }

    /** Ends what this user has begun and not finished, wherever. */
    public void endHalf(String user) {
        pending.endOthers(user, "");
    }

    /** What {@link Step#ACKNOWLEDGE} shows. */
    public String policyText() {
        return policy.map(Policy::text).orElse("");
    }

    private Outcome next(String ticket) {
        Optional<Pending> found = pending.find(ticket);
        if (found.isEmpty()) {
            return new Outcome.Expired();
        }
        Pending login = found.get();
        AccountRecord record = records.of(login.account().name());
        if (!login.secondFactor() && record.hasSecondFactor()) {
            return ask(Step.CODE, ticket, login, "", List.of());
        } else if (login.wish().kind() == Wish.Kind.ADD_KEY) {
            return ask(Step.ADD_KEY, ticket, login, "", List.of());
        } else if (login.wish().kind() == Wish.Kind.REMOVE_KEY || login.wish().kind() == Wish.Kind.REMOVE_APP) {
            return remove(ticket, login);
        } else if (login.wish().kind() == Wish.Kind.RENEW_CODES) {
            return renewCodes(ticket, login);
        } else if (login.wish().kind() == Wish.Kind.SET_UP_APP
                || (!login.secondFactor() && login.account().secondFactor())) {
            return ask(Step.SET_UP, ticket, login, "", List.of());
        } else if (policy.isPresent()
                && policy.get().isDue(Optional.ofNullable(record.acknowledged()), clock.instant())) {
            return ask(Step.ACKNOWLEDGE, ticket, login, "", List.of());
        }
        pending.end(ticket);
        return isStill(login) ? enter(login) : new Outcome.Expired();
    }

    /** Whoever changes factors while this is read ends this login with it. */
    private Pending granted(Pending login) {
        return login.granted(Factors.of(records.of(login.account().name())));
    }

    /** Whether it is the same account, with the same password or standing elsewhere, and the same factors as when its login began. */
    private boolean isStill(Pending login) {
        String user = login.account().name();
        try {
            return Factors.of(records.of(user)).equals(login.before())
                    && people.find(user)
                            .filter(now -> now.stamp().equals(login.account().stamp()))
                            .isPresent();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return false; // nobody can tell
            }
            throw e;
        }
    }

    private Outcome enter(Pending login) {
        Account account = login.account();
        String device = login.device().orElseGet(() -> Tokens.random(random));
        String session;
        if (login.since().isPresent()) {
            session = sessions.goOn(login.since().get(), account, login.secondFactor());
        } else {
            String password = account.passwordWords();
            record(AuditType.LOGIN, login, login.secondFactor() ? password + " and " + login.shown() : password);
            sessions.remember(account.name(), device, Source.network(login.source()));
            session = sessions.begin(account, login.secondFactor());
        }
        if (!isStill(login)) { // changed in this moment, and all sessions were ended
            sessions.end(one -> one.id().equals(Tokens.hash(session)));
            return new Outcome.Expired();
        }
        return new Outcome.Done(session, device, login);
    }

    private Outcome ask(Step step, String ticket, Pending login, String problem, List<String> codes) {
        boolean forKey = keys.host().isPresent() && (step == Step.CODE || step == Step.SET_UP || step == Step.ADD_KEY);
        Pending asked = login.asking(step, forKey ? Optional.of(Tokens.random(random)) : Optional.empty());
        pending.change(ticket, asked);
        return new Outcome.Ask(step, ticket, asked, problem, codes);
    }

    private void record(AuditType type, Pending login, String how) {
        audit.done(type, login.account().name(), login.source(), how);
    }
}
