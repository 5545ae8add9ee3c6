package org.strongroom.plugin.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.Outcome.Step;
import org.strongroom.plugin.login.Throttle.Attempt;

/** The steps from a password to a session. What an auditor wants to know is recorded before anything is answered. Thread-safe. */
final class SignIn {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int MOST_PENDING = 1000;

    private final People people;
    private final Guard guard;
    private final Sessions sessions;
    private final AccountRecords records;
    private final Optional<Policy> policy;
    private final LoginAudit audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<String, Pending> pending = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pending> eldest) {
            return size() > MOST_PENDING;
        }
    };

    SignIn(
            People people,
            Guard guard,
            Sessions sessions,
            AccountRecords records,
            Optional<Policy> policy,
            LoginAudit audit,
            InstantSource clock,
            SecureRandom random) {
        this.people = people;
        this.guard = guard;
        this.sessions = sessions;
        this.records = records;
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    /** The first step. */
    Outcome password(
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
        return next(begin(checked.account().get(), source, device, to, fragment, false));
    }

    /** The first step of somebody whom the OpenID Connect provider has named. */
    Outcome named(Account account, String source, Optional<String> device, ReturnPath to, String fragment) {
        return next(begin(account, source, device, to, fragment, false));
    }

    /**
     * Sets up a generator for somebody who is logged in. Whoever has one already shows a code of it: a browser that was left alone is
     * not enough to take it away.
     */
    Outcome setUp(Account account, String code, String source, Optional<String> device, ReturnPath to) {
        String ticket = begin(account, source, device, to, "", false);
        Pending login = find(ticket).orElseThrow();
        if (login.oldSecret().isEmpty()) {
            return ask(Step.SET_UP, ticket, login, "", List.of());
        }
        return useCode(ticket, login, code).orElseGet(() -> ask(Step.SET_UP, ticket, login, "", List.of()));
    }

    private String begin(
            Account account,
            String source,
            Optional<String> device,
            ReturnPath to,
            String fragment,
            boolean secondFactor) {
        String ticket = Tokens.random(random);
        Instant ends = clock.instant().plus(PATIENCE);
        Optional<String> known = device.filter(sessions::isDevice);
        String old = secretOf(records.of(account.name()));
        String fresh = OneTimeCodes.newSecret(random);
        put(ticket, new Pending(account, source, known, to, fragment, secondFactor, Step.CODE, old, fresh, ends));
        return ticket;
    }

    private static String secretOf(AccountRecord record) {
        return record.findFactor().map(AccountRecord.Factor::secret).orElse("");
    }

    /** A code of the generator, or a recovery code. */
    Outcome code(String ticket, String code) {
        Optional<Pending> login = find(ticket, Step.CODE);
        if (login.isEmpty()) {
            return new Outcome.Expired();
        }
        Optional<Outcome> refused = useCode(ticket, login.get(), code);
        if (refused.isPresent()) {
            return refused.get();
        }
        put(ticket, login.get().withSecondFactor());
        return next(ticket);
    }

    /** Empty if the code was right, and now is used up. */
    private Optional<Outcome> useCode(String ticket, Pending login, String code) {
        String user = login.account().name();
        Attempt attempt = guard.attempt("code", user, login.source(), login.device());
        if (!attempt.permitted()) {
            return Optional.of(new Outcome.Wait(attempt.delay()));
        }
        if (records.change(user, record -> useCode(record, code))) {
            guard.succeeded(attempt);
            return Optional.empty();
        } else if (records.change(user, record -> useRecoveryCode(record, code))) {
            guard.succeeded(attempt);
            record(AuditType.USERS, login, "recovery code used");
            return Optional.empty();
        }
        audit.failed(attempt, Optional.of(user), login.source(), "wrong code");
        String problem = "This code is not the right one, or was used before.";
        return Optional.of(ask(Step.CODE, ticket, login, problem, List.of()));
    }

    private Optional<AccountRecord> useCode(AccountRecord record, String code) {
        return record.findFactor().flatMap(factor -> {
            OptionalLong step = OneTimeCodes.match(factor, code, clock.instant());
            return step.isEmpty()
                    ? Optional.empty()
                    : Optional.of(record.with(
                            new AccountRecord.Factor(factor.secret(), step.getAsLong()), record.recoveryCodes()));
        });
    }

    private static Optional<AccountRecord> useRecoveryCode(AccountRecord record, String code) {
        return RecoveryCodes.use(record.recoveryCodes(), code).map(left -> record.with(record.factor(), left));
    }

    /** The first code of a generator that is being set up. */
    Outcome confirm(String ticket, String code) {
        Optional<Pending> found = find(ticket, Step.SET_UP);
        if (found.isEmpty()) {
            return new Outcome.Expired();
        }
        Pending login = found.get();
        String user = login.account().name();
        AccountRecord.Factor untried = new AccountRecord.Factor(login.newSecret(), 0);
        OptionalLong step = OneTimeCodes.match(untried, code, clock.instant());
        if (step.isEmpty()) {
            String problem = "This code does not fit. Look whether the phone's clock is right.";
            return ask(Step.SET_UP, ticket, login, problem, List.of());
        }
        List<String> codes = RecoveryCodes.make(random);
        AccountRecord.Factor factor = new AccountRecord.Factor(login.newSecret(), step.getAsLong());
        record(AuditType.USERS, login, "second factor set up");
        // Not over one that was set up meanwhile: that was somebody else, and perhaps the user.
        boolean done = records.change(
                user,
                record -> secretOf(record).equals(login.oldSecret())
                        ? Optional.of(record.with(factor, RecoveryCodes.hashes(codes)))
                        : Optional.empty());
        if (!done) {
            remove(ticket);
            return new Outcome.Expired();
        }
        sessions.end(session -> session.user().equals(user)); // they had less to show than is asked now
        return ask(Step.SHOW_CODES, ticket, login.withSecondFactor(), "", codes);
    }

    /** The recovery codes have been seen. */
    Outcome seen(String ticket) {
        return find(ticket, Step.SHOW_CODES).isPresent() ? next(ticket) : new Outcome.Expired();
    }

    /** The policy has been read. */
    Outcome acknowledged(String ticket) {
        Optional<Pending> found = find(ticket, Step.ACKNOWLEDGE);
        if (found.isEmpty() || policy.isEmpty()) {
            return new Outcome.Expired();
        }
        record(AuditType.ACKNOWLEDGEMENT, found.get(), policy.get().hash());
        AccountRecord.Acknowledgement now =
                new AccountRecord.Acknowledgement(policy.get().hash(), clock.instant());
        records.change(found.get().account().name(), record -> Optional.of(record.with(now)));
        return next(ticket);
    }

    /** What {@link Step#ACKNOWLEDGE} shows. */
    String policyText() {
        return policy.map(Policy::text).orElse("");
    }

    private Outcome next(String ticket) {
        Pending login = find(ticket).orElseThrow();
        AccountRecord record = records.of(login.account().name());
        if (!login.secondFactor() && record.findFactor().isPresent()) {
            return ask(Step.CODE, ticket, login, "", List.of());
        } else if (!login.secondFactor() && login.account().secondFactor()) {
            return ask(Step.SET_UP, ticket, login, "", List.of());
        } else if (policy.isPresent()
                && policy.get().isDue(Optional.ofNullable(record.acknowledged()), clock.instant())) {
            return ask(Step.ACKNOWLEDGE, ticket, login, "", List.of());
        }
        remove(ticket);
        String password = login.account().passwordWords();
        record(AuditType.LOGIN, login, login.secondFactor() ? password + " and code" : password);
        String device = login.device().orElseGet(() -> Tokens.random(random));
        sessions.remember(login.account().name(), device, Source.network(login.source()));
        return new Outcome.Done(sessions.begin(login.account(), login.secondFactor()), device, login);
    }

    private Outcome ask(Step step, String ticket, Pending login, String problem, List<String> codes) {
        Pending asked = login.asking(step);
        put(ticket, asked);
        return new Outcome.Ask(step, ticket, asked, problem, codes);
    }

    private void record(AuditType type, Pending login, String how) {
        audit.done(type, login.account().name(), login.source(), how);
    }

    private Optional<Pending> find(String ticket) {
        synchronized (pending) {
            Optional<Pending> login = Optional.ofNullable(pending.get(Tokens.hash(ticket)));
            return login.filter(found -> clock.instant().isBefore(found.ends()));
        }
    }

    private Optional<Pending> find(String ticket, Step asked) {
        return find(ticket).filter(login -> login.asked() == asked);
    }

    private void put(String ticket, Pending login) {
        synchronized (pending) {
            pending.put(Tokens.hash(ticket), login);
        }
    }

    private void remove(String ticket) {
        synchronized (pending) {
            pending.remove(Tokens.hash(ticket));
        }
    }
}
