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
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.time.Pulse;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.account.DirectoryAccounts;
import org.strongroom.plugin.login.account.OpenIdAccounts;
import org.strongroom.plugin.login.account.People;
import org.strongroom.plugin.login.attempt.Guard;
import org.strongroom.plugin.login.attempt.LoginAudit;
import org.strongroom.plugin.login.attempt.Throttle;
import org.strongroom.plugin.login.emergency.Emergencies;
import org.strongroom.plugin.login.factor.AccountRecords;
import org.strongroom.plugin.login.factor.SecurityKeys;
import org.strongroom.plugin.login.machine.AppTokens;
import org.strongroom.plugin.login.machine.BasicLogins;
import org.strongroom.plugin.login.request.Cookies;
import org.strongroom.plugin.login.request.CrossSite;
import org.strongroom.plugin.login.request.ReturnPath;
import org.strongroom.plugin.login.request.Source;
import org.strongroom.plugin.login.session.Session;
import org.strongroom.plugin.login.session.Sessions;
import org.strongroom.plugin.login.share.ShareLinks;
import org.strongroom.plugin.login.share.ShareTerms;
import org.strongroom.plugin.login.signin.Policy;
import org.strongroom.plugin.login.signin.SignIn;
import org.strongroom.plugin.openid.Provider;

/** Who is asking. One for the life of the plugin; thread-safe. */
public final class Login implements AutoCloseable {
    private static final Duration SAVING = Duration.ofSeconds(30);
    /** How often it is looked who is to be asked about again. */
    private static final Duration RECHECK = Duration.ofSeconds(10);

    /**
     * Who may come in.
     *
     * @param accounts of the settings, by name
     * @param directory that knows more users
     * @param openId that knows more users, where there is no directory
     * @param roles what groups can give
     */
    public record Who(
            Map<String, Account> accounts, Optional<Directory> directory, Optional<Provider> openId, Roles roles) {}

    private final LoginSettings settings;
    private final People people;
    private final Optional<DirectoryAccounts> directory;
    private final Optional<Provider> openId;
    private final Optional<Pulse> rechecking;
    private final Sessions sessions;
    private final AccountRecords records;
    private final SecurityKeys keys;
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
    private final Pulse looking;

    private Login(
            LoginSettings settings,
            People people,
            Optional<DirectoryAccounts> directory,
            Optional<Provider> openId,
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
        this.people = people;
        this.sessions = sessions;
        this.records = records;
        this.audit = audit;
        this.cookies = new Cookies(settings.insecure());
        this.guard = new Guard(new Throttle(clock), sessions);
        Optional<Policy> policy = Policy.read(settings.policy(), settings.policyPeriod());
        this.tokens = new AppTokens(people, records, settings.tokens(), clock, random);
        this.basic = new BasicLogins(people, guard, records, audit, clock, random);
        this.keys = new SecurityKeys(settings, records, clock);
        this.signIn = new SignIn(people, guard, sessions, records, keys, policy, audit, clock, random);
        this.saving = new Pulse("strongroom-sessions", SAVING, this::look);
        this.looking = new Pulse("strongroom-shares", SAVING, shares::look);
        this.directory = directory;
        this.openId = openId;
        this.rechecking = directory.map(all -> new Pulse("strongroom-directory-recheck", RECHECK, all::recheck));
    }

    /**
     * Takes up what was known before the last stop.
     *
     * @param folder for what has to last
     * @param terms on which patients are opened in emergencies
     * @param sharing on which terms studies are shared
     * @param tap of the audit: returns when an event is durable
     * @throws StrongroomException REFUSED or CORRUPT if a file that is needed cannot be read
     */
    public static Login open(
            Path folder,
            Keyring keyring,
            LoginSettings settings,
            Who who,
            Emergencies.Terms terms,
            ShareTerms sharing,
            Consumer<AuditEvent> tap,
            InstantSource clock)
            throws IOException {
        SecureRandom random = new SecureRandom();
        AccountRecords records = AccountRecords.open(folder, keyring);
        Sessions sessions = Sessions.open(folder, keyring, settings.idle(), settings.absolute(), clock, random);
        Emergencies emergencies = Emergencies.open(folder, keyring, terms, tap, clock);
        LoginAudit log = new LoginAudit(tap);
        Optional<DirectoryAccounts> directory = who.directory()
                .map(all -> new DirectoryAccounts(
                        all, who.roles(), settings, clock, user -> endSessions(user, "directory", sessions, log)));
        Optional<OpenIdAccounts> named = who.openId().isPresent()
                ? Optional.of(OpenIdAccounts.open(
                        folder,
                        keyring,
                        who.openId().get().settings(),
                        who.roles(),
                        settings,
                        clock,
                        user -> records.of(user).hasThings(),
                        user -> endSessions(user, "provider", sessions, log)))
                : Optional.empty();
        People people = new People(who.accounts(), directory, named, random);
        ShareLinks shares = ShareLinks.open(folder, keyring, sharing, people::find, tap, clock, random);
        return new Login(
                settings, people, directory, who.openId(), sessions, records, log, emergencies, shares, clock, random);
    }

    /** Of somebody whom the directory or provider does not let in any more: it may have been hours ago that they were. */
    private static void endSessions(String user, String whose, Sessions sessions, LoginAudit audit) {
        if (!sessions.of(user).isEmpty()) {
            audit.ended(user, "not let in by the " + whose + " any more");
            sessions.end(session -> session.user().equals(user));
        }
    }

    /** What else happens by itself: asks the directory again about whoever comes. */
    void recheck() {
        directory.ifPresent(DirectoryAccounts::recheck);
    }

    private void look() {
        sessions.save();
        emergencies.expire();
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
        Optional<Authentication.User> user = entered(headers).map(this::user).or(() -> linkHolder(headers)
                .map(holder -> new Authentication.User(holder, Authentication.Means.SESSION, false)));
        if (user.isEmpty()) {
            return new Authentication.Anonymous();
        }
        if (!CrossSite.permits(method, headers)) {
            return new Authentication.Refused("another site's page sent the browser's cookie");
        }
        return user.get();
    }

    /** An app token opens nothing in an emergency: whoever has it need not be the one who has asked. */
    private Authentication.User user(Entered entered) {
        return new Authentication.User(
                emergencies.opening(entered.account().principal()),
                Authentication.Means.SESSION,
                entered.session().secondFactor());
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
    public Optional<Session> session(Map<String, String> headers) {
        return entered(headers).map(Entered::session);
    }

    private record Entered(Session session, Account account) {
        boolean holds() {
            return account.stamp().equals(session.stamp()) && (session.secondFactor() || !account.secondFactor());
        }
    }

    private Optional<Entered> entered(Map<String, String> headers) {
        Optional<Session> session = cookies.read(headers, Cookies.Kind.SESSION).flatMap(sessions::find);
        try {
            return session.flatMap(found -> people.find(found.user()).map(account -> new Entered(found, account)))
                    .filter(Entered::holds);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.UNAVAILABLE) {
                return Optional.empty(); // nobody knows whether they are still who they were
            }
            throw e;
        }
    }

    public void logout(String token, String source) {
        Optional<Session> session = sessions.find(token);
        session.ifPresent(ended -> {
            audit.done(AuditType.LOGOUT, ended.user(), source, "logout");
            sessions.end(each -> each.id().equals(ended.id()));
        });
    }

    public Duration longestSession() {
        return settings.absolute();
    }

    public Duration longestToken() {
        return settings.tokens();
    }

    /** The tenant that a user works for, if it is only one; empty if that is not known without asking anybody. */
    public Optional<String> onlyTenantOf(String user) {
        return people.known(user)
                .map(account -> account.principal().tenants())
                .filter(tenants -> tenants.size() == 1)
                .map(tenants -> tenants.iterator().next());
    }

    public String source(String peer, Map<String, String> headers) {
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

    /** @throws StrongroomException REFUSED if somebody who was logged in a moment ago is no user any more */
    public Account account(String user) {
        return people.find(user)
                .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "this user is not let in any more")
                        .cure("Log in again"));
    }

    /** That knows more users, if there is one. */
    public Optional<Provider> openId() {
        return openId;
    }

    public People people() {
        return people;
    }

    public SignIn signIn() {
        return signIn;
    }

    public Sessions sessions() {
        return sessions;
    }

    public AccountRecords records() {
        return records;
    }

    public SecurityKeys keys() {
        return keys;
    }

    public AppTokens tokens() {
        return tokens;
    }

    public Emergencies emergencies() {
        return emergencies;
    }

    public ShareLinks shares() {
        return shares;
    }

    /** Who has opened a share link in this browser, as far as that goes now. */
    public Optional<Principal> linkHolder(Map<String, String> headers) {
        return cookies.read(headers, Cookies.Kind.SESSION)
                .flatMap(sessions::find)
                .flatMap(session -> shares.holder(session.user()));
    }

    public Guard guard() {
        return guard;
    }

    public Instant now() {
        return clock.instant();
    }

    public Cookies cookies() {
        return cookies;
    }

    public LoginAudit audit() {
        return audit;
    }

    @Override
    public void close() {
        rechecking.ifPresent(Pulse::close);
        looking.close();
        saving.close();
        sessions.save();
    }
}
