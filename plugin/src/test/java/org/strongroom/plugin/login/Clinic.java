package org.strongroom.plugin.login;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.AddressRange;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.core.settings.LoginSettings;
import org.strongroom.core.settings.OpenIdSettings;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.directory.Directory;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.emergency.Emergencies;
import org.strongroom.plugin.login.page.LoginPages;
import org.strongroom.plugin.login.secret.PasswordHash;
import org.strongroom.plugin.login.share.ShareTerms;
import org.strongroom.plugin.openid.Provider;
import org.strongroom.plugin.tenancy.StudyTenants;

/** An installation with real keys, a clock that is turned by hand, and its people; logins are opened and closed at will. */
public final class Clinic implements AutoCloseable, InstantSource {
    public static final String PASSWORD = "correct horse";
    private static final String CONFIGURATION =
            "{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/k\"},"
                    + " \"Access\": {\"Roles\": {\"er\": {\"Permissions\": [\"study:emergency\"]}}}}}";
    private static final PasswordHash HASH = PasswordHash.of(Secret.of(PASSWORD), new SecureRandom());

    public final Home home;
    public final Map<String, Account> accounts = new HashMap<>();
    public final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    /** Whether nothing can be recorded. */
    public boolean deaf;

    public final PlayedStudies studies = new PlayedStudies();
    /** How long any share link is good. */
    public Duration longestShare = Duration.ofDays(30);

    public Instant now = Instant.parse("2026-11-26T08:00:00Z");
    public Optional<Path> policy = Optional.empty();
    public Optional<DirectorySettings> directory = Optional.empty();
    /** Security keys come with it. */
    public Optional<WebAddress> address = Optional.empty();

    public Optional<OpenIdSettings> openId = Optional.empty();
    /** Why the provider is of no use. */
    public volatile Optional<String> silent = Optional.empty();

    public List<String> secondFactor = List.of();
    public List<String> basic = List.of();
    public Keyring keyring;
    public Login login;
    public LoginPages pages;

    public Clinic(Path folder) throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        keyring = Keyring.create(home, source(), UUID.randomUUID(), Clock.systemUTC());
        user("rad", false, false);
        user("admin", true, false);
        user("old-client", false, true);
    }

    private KeySource source() throws IOException {
        Path keyFile = home.root().resolveSibling("root.key");
        if (!Files.exists(keyFile)) {
            Files.write(keyFile, new byte[32]);
        }
        return KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
    }

    public void user(String name, boolean secondFactor, boolean basic) {
        accounts.put(name, new Account(principal(name), Optional.of(HASH), secondFactor, basic));
    }

    /** One without a second factor. */
    public void user(String name, List<String> tenants, String... roles) {
        Principal principal =
                Roles.of(Settings.parse(CONFIGURATION).access()).principal(name, tenants, List.of(roles), List.of());
        accounts.put(name, new Account(principal, Optional.of(HASH), false, false));
    }

    private static Principal principal(String name) {
        List<String> tenants = List.of("north");
        return Roles.of(Settings.parse(CONFIGURATION).access())
                .principal(name, tenants, List.of("radiologist"), List.of());
    }

    private void record(AuditEvent event) {
        if (deaf) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "nothing is recorded now");
        }
        events.add(event);
    }

    public Emergencies.Terms terms() {
        return new Emergencies.Terms(Duration.ofHours(4), home.unreviewed(), StudyTenants::patientsNamed);
    }

    public ShareTerms sharing() {
        return new ShareTerms(Duration.ofDays(7), longestShare, studies);
    }

    public Authentication user(String name, Authentication.Means means, boolean secondFactor) {
        return new Authentication.User(accounts.get(name).principal(), means, secondFactor);
    }

    public Login.Who who() {
        return new Login.Who(
                accounts,
                directory.map(one -> new Directory(one, Map.of(), this, why -> {})),
                openId.map(one -> new Provider(one, address.orElseThrow(), Map.of(), this, why -> silent = why)),
                Roles.of(Settings.parse(CONFIGURATION).access()));
    }

    public LoginSettings settings() {
        return new LoginSettings(
                Duration.ofMinutes(30),
                Duration.ofHours(12),
                secondFactor,
                basic,
                Duration.ofDays(365),
                policy,
                Duration.ofDays(365),
                address,
                List.of(AddressRange.parse("127.0.0.1")),
                false);
    }

    /** As a start of Orthanc does. */
    public Login open() throws IOException {
        login = Login.open(home.login(), keyring, settings(), who(), terms(), sharing(), this::record, this);
        pages = new LoginPages(login, request -> request.headers().get("test-peer"), "North Clinic");
        return login;
    }

    /** As a stop of Orthanc does, and a start. */
    public void restart() throws IOException {
        login.close();
        keyring.close();
        keyring = Keyring.open(home, source(), Clock.systemUTC());
        open();
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void pass(Duration time) {
        now = now.plus(time);
    }

    public List<AuditType> eventTypes() {
        return events.stream().map(AuditEvent::type).toList();
    }

    @Override
    public void close() throws IOException {
        if (login != null) {
            login.close();
        }
        keyring.close();
    }
}
