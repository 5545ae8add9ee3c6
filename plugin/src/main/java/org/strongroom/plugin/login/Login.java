package org.strongroom.plugin.login;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.time.Pulse;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.keys.Keyring;

/** Who is asking. One for the life of the plugin; thread-safe. */
public final class Login implements AutoCloseable {
    private static final Duration SAVING = Duration.ofSeconds(30);

    private final LoginSettings settings;
    private final Map<String, Account> accounts;
    private final Sessions sessions;
    private final AccountRecords records;
    private final AppTokens tokens;
    private final BasicLogins basic;
    private final SignIn signIn;
    private final LoginAudit audit;
    private final Cookies cookies;
    private final Emergencies emergencies;
    private final ShareLinks shares;
    private final Guard guard;
    private final InstantSource clock;
    private final Pulse saving;

    private Login(
            LoginSettings settings,
            Map<String, Account> accounts,
            Sessions sessions,
            AccountRecords records,
            LoginAudit audit,
            Emergencies emergencies,
            ShareLinks shares,
            InstantSource clock,
            SecureRandom random) {
        this.emergencies = emergencies;
        this.shares = shares;
        this.clock = clock;
        this.settings = settings;
        this.accounts = Map.copyOf(accounts);
        this.sessions = sessions;
        this.records = records;
        this.audit = audit;
        this.cookies = new Cookies(settings.insecure());
        Passwords passwords = new Passwords(accounts, random);
        this.guard = new Guard(new Throttle(clock), sessions);
        Optional<Policy> policy = Policy.read(settings.policy(), settings.policyPeriod());
        this.tokens = new AppTokens(accounts, records, settings.tokens(), clock, random);
        this.basic = new BasicLogins(passwords, guard, records, audit, clock, random);
        this.signIn = new SignIn(passwords, guard, sessions, records, policy, audit, clock, random);
        this.saving = new Pulse("strongroom-sessions", SAVING, this::look);
    }

    /**
     * Takes up what was known before the last stop.
     *
     * @param folder for what has to last
     * @param accounts by name
     * @param terms on which patients are opened in emergencies
     * @param sharing on which terms studies are shared
     * @param tap of the audit: returns when an event is durable
     * @throws StrongroomException REFUSED or CORRUPT if a file that is needed cannot be read
     */
    public static Login open(
            Path folder,
            Keyring keyring,
            LoginSettings settings,
            Map<String, Account> accounts,
            Emergencies.Terms terms,
            ShareTerms sharing,
            Consumer<AuditEvent> tap,
            InstantSource clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        AccountRecords records = AccountRecords.open(folder, keyring);
        Sessions sessions = Sessions.open(folder, keyring, settings.idle(), settings.absolute(), clock, random);
        Emergencies emergencies = Emergencies.open(folder, keyring, terms, tap, clock);
        ShareLinks shares = ShareLinks.open(folder, keyring, sharing, accounts, tap, clock, random);
        return new Login(
                settings, accounts, sessions, records, new LoginAudit(tap), emergencies, shares, clock, random);
    }

    private void look() {
        sessions.save();
        emergencies.expire();
        shares.look();
    }

    /**
     * Who a request comes from. Fast for a session or a token; HTTP Basic takes some tens of milliseconds now and then.
     *
     * @param method in upper case; a request that changes something is only believed to a cookie if it comes from a page of ours
     * @param headers names in lower case
     * @param peer address that speaks to Orthanc
     * @throws StrongroomException UNAVAILABLE if a password cannot be checked now
     */
    public Authentication identify(String method, Map<String, String> headers, String peer) {
        String credentials = headers.get("authorization");
        if (credentials != null) {
            return byHeader(credentials.strip(), source(peer, headers));
        }
        Optional<Session> session = cookies.read(headers, Cookies.Kind.SESSION).flatMap(sessions::find);
        Optional<Principal> principal = session.flatMap(this::principal);
        if (principal.isEmpty()) {
            return new Authentication.Anonymous();
        }
        if (!CrossSite.permits(method, headers)) {
            return new Authentication.Refused("another site's page sent the browser's cookie");
        }
        return new Authentication.User(
                principal.get(), Authentication.Means.SESSION, session.get().secondFactor());
    }

    /** An app token opens nothing in an emergency: whoever has it need not be the one who has asked. */
    private Optional<Principal> principal(Session session) {
        return holds(session)
                ? Optional.of(emergencies.opening(accounts.get(session.user()).principal()))
                : shares.holder(session.user());
    }

    private Authentication byHeader(String credentials, String source) {
        int space = credentials.indexOf(' ');
        String scheme = space < 0 ? credentials : credentials.substring(0, space);
        String rest = space < 0 ? "" : credentials.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("bearer")) {
            return tokens.check(rest);
        } else if (scheme.equalsIgnoreCase("basic")) {
            return basic.check(rest, source);
        }
        return new Authentication.Refused("an unknown way to say who asks");
    }

    /** The session of the request's cookie, if its user is still the one who began it; whoever holds a share link is no user. */
    Optional<Session> session(Map<String, String> headers) {
        return cookies.read(headers, Cookies.Kind.SESSION)
                .flatMap(sessions::find)
                .filter(this::holds);
    }

    private boolean holds(Session session) {
        Account account = accounts.get(session.user());
        return account != null
                && account.stamp().equals(session.stamp())
                && (session.secondFactor() || !account.secondFactor());
    }

    void logout(String token, String source) {
        Optional<Session> session = sessions.find(token);
        session.ifPresent(ended -> {
            audit.done(AuditType.LOGOUT, ended.user(), source, "logout");
            sessions.end(each -> each.id().equals(ended.id()));
        });
    }

    Duration longestSession() {
        return settings.absolute();
    }

    Duration longestToken() {
        return settings.tokens();
    }

    String source(String peer, Map<String, String> headers) {
        return Source.of(peer, headers, settings.proxies());
    }

    /**
     * The login page, from which whoever logs in goes to {@code uri}: a path of Orthanc's, without a slash before it.
     *
     * @param arguments of the request, decoded or not: Orthanc's versions differ
     */
    public static String linkFrom(String uri, List<Map.Entry<String, String>> arguments) {
        return "strongroom/login?to=" + ReturnPath.of(uri, arguments).encoded();
    }

    Account account(String user) {
        return accounts.get(user);
    }

    SignIn signIn() {
        return signIn;
    }

    Sessions sessions() {
        return sessions;
    }

    AccountRecords records() {
        return records;
    }

    AppTokens tokens() {
        return tokens;
    }

    Emergencies emergencies() {
        return emergencies;
    }

    ShareLinks shares() {
        return shares;
    }

    /** Who has opened a share link in this browser, as far as that goes now. */
    Optional<Principal> linkHolder(Map<String, String> headers) {
        return cookies.read(headers, Cookies.Kind.SESSION)
                .flatMap(sessions::find)
                .flatMap(session -> shares.holder(session.user()));
    }

    Guard guard() {
        return guard;
    }

    Instant now() {
        return clock.instant();
    }

    Cookies cookies() {
        return cookies;
    }

    LoginAudit audit() {
        return audit;
    }

    @Override
    public void close() {
        saving.close();
        sessions.save();
    }
}
