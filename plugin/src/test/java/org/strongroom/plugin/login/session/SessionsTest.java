package org.strongroom.plugin.login.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Account;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.page.Browser;
import org.strongroom.plugin.login.secret.PasswordHash;
import org.strongroom.plugin.login.secret.Tokens;

class SessionsTest {
    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void logIn() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
        browser = new Browser(clinic, "10.0.0.7");
        browser.logIn("rad", Clinic.PASSWORD);
        assertThat(isIn()).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private boolean isIn() {
        return browser.identity() instanceof Authentication.User;
    }

    @Test
    void endsAfterAWhileWithoutARequest() {
        clinic.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(isIn()).isTrue();
        clinic.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(isIn()).isTrue();
        clinic.pass(Duration.ofMinutes(30));
        assertThat(isIn()).isFalse();
    }

    @Test
    void endsAtItsEndHoweverBusy() {
        for (int i = 1; i < 36; i++) {
            clinic.pass(Duration.ofMinutes(20));
            assertThat(isIn()).isTrue();
        }
        clinic.pass(Duration.ofMinutes(20).minusMillis(1));
        assertThat(isIn()).isTrue();
        clinic.pass(Duration.ofMillis(1));
        assertThat(isIn()).isFalse();
    }

    /** Nobody could tell for how long it was left alone. */
    @Test
    void aClockThatIsSetBackKeepsNobodyIn() {
        clinic.pass(Duration.ofMinutes(20));
        assertThat(isIn()).isTrue();
        clinic.pass(Duration.ofMinutes(-1));
        assertThat(isIn()).as("clocks are corrected by moments").isTrue();
        clinic.pass(Duration.ofHours(-8));
        assertThat(isIn()).isFalse();
        clinic.pass(Duration.ofHours(8).plusMinutes(20));
        assertThat(isIn()).as("it was wrong for a moment, and is right again").isTrue();
        clinic.pass(Duration.ofMinutes(-5));
        assertThat(isIn()).isFalse();
        clinic.pass(Duration.ofMinutes(40));
        assertThat(isIn()).isFalse();
    }

    @Test
    void aRestartLogsNobodyOutAndLetsNobodyStayLonger() throws IOException {
        clinic.pass(Duration.ofMinutes(20));
        assertThat(isIn()).isTrue();
        clinic.restart();
        clinic.pass(Duration.ofMinutes(30).minusMillis(1));
        assertThat(isIn()).isTrue();
        clinic.restart();
        clinic.pass(Duration.ofMinutes(30));
        assertThat(isIn()).isFalse();
    }

    /** What is on the disk at any moment is what a start after a power cut finds. */
    @Test
    void aPowerCutForgetsNoLoginAndNoLogout() throws IOException {
        Sessions before = onDisk();
        String stays = before.begin(clinic.accounts.get("rad"), false);
        String goes = before.begin(clinic.accounts.get("rad"), false);
        assertThat(onDisk().find(goes)).isPresent();
        before.end(session -> session.id().equals(Tokens.hash(goes)));
        assertThat(onDisk().find(goes)).isEmpty();
        assertThat(onDisk().find(stays)).isPresent();
    }

    private Sessions onDisk() throws IOException {
        Duration day = Duration.ofDays(1);
        return Sessions.open(folder.resolve("cut"), clinic.keyring, day, day, clinic, new SecureRandom());
    }

    @Test
    void endsWhenThePasswordOrTheUserChanges() throws IOException {
        clinic.accounts.put(
                "rad",
                new Account(
                        clinic.accounts.get("rad").principal(),
                        Optional.of(PasswordHash.of(Secret.of("new"), new SecureRandom())),
                        false,
                        false));
        clinic.restart();
        assertThat(isIn()).isFalse();
        browser.logIn("rad", "new");
        assertThat(isIn()).isTrue();
        clinic.accounts.remove("rad");
        clinic.restart();
        assertThat(isIn()).isFalse();
    }

    @Test
    void isNotEnoughAnyMoreOnceARoleAsksForASecondFactor() throws IOException {
        clinic.user("rad", true, false);
        clinic.restart();
        assertThat(isIn()).isFalse();
    }

    @Test
    void theFilesSayNothingToAThief() throws IOException {
        new Browser(clinic, "10.0.0.8").logIn("admin", Clinic.PASSWORD);
        clinic.login.tokens().make("rad", "viewer", java.util.List.of(), Duration.ofDays(1));
        for (String name : new String[] {"sessions.strs", "accounts.strs"}) {
            Path file = clinic.home.login().resolve(name);
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(text).doesNotContain("rad\"").doesNotContain("user").doesNotContain("2026");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clinic.home.login())))
                .isEqualTo("rwx------");
    }

    /** Even who has the keys finds no cookie in the file. */
    @Test
    void onlyHashesAreKept() throws IOException {
        byte[] sealed = Files.readAllBytes(clinic.home.login().resolve("sessions.strs"));
        String plain = new String(clinic.keyring.state().open("sessions", sealed), StandardCharsets.UTF_8);
        assertThat(browser.cookies).hasSize(2).allSatisfy((name, token) -> {
            assertThat(plain).doesNotContain(token);
            assertThat(plain).contains(Tokens.hash(token));
        });
    }

    @Test
    void aDamagedFileOfSessionsMakesEverybodyLogInAgain() throws IOException {
        clinic.login.close();
        damage("sessions.strs");
        clinic.open();
        assertThat(isIn()).isFalse();
        browser.logIn("rad", Clinic.PASSWORD);
        assertThat(isIn()).isTrue();
    }

    /** Without its second factors, whoever knows a password could set one up. */
    @Test
    void aDamagedFileOfSecondFactorsStopsTheStart() throws IOException {
        clinic.login.tokens().make("rad", "viewer", java.util.List.of(), Duration.ofDays(1));
        clinic.login.close();
        damage("accounts.strs");
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> clinic.open())
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT))
                .satisfies(e -> assertThat(e.context().get("file")).endsWith("accounts.strs"))
                .satisfies(e -> assertThat(e.cure()).contains("backup"));
    }

    /** One sealed file is not taken for another. */
    @Test
    void filesDoNotOpenUnderEachOthersNames() throws IOException {
        clinic.login.tokens().make("rad", "viewer", java.util.List.of(), Duration.ofDays(1));
        clinic.login.close();
        Files.write(
                clinic.home.login().resolve("accounts.strs"),
                Files.readAllBytes(clinic.home.login().resolve("sessions.strs")));
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(() -> clinic.open());
    }

    private void damage(String name) throws IOException {
        Path file = clinic.home.login().resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void theOldestOfVeryManyGivesWay() {
        for (int i = 0; i < 31; i++) {
            clinic.pass(Duration.ofSeconds(1));
            assertThat(new Browser(clinic, "10.0.0.8")
                            .logIn("rad", Clinic.PASSWORD)
                            .answer
                            .status())
                    .isEqualTo(303);
        }
        assertThat(clinic.login.sessions().of("rad")).hasSize(32);
        clinic.pass(Duration.ofSeconds(1));
        new Browser(clinic, "10.0.0.8").logIn("rad", Clinic.PASSWORD);
        assertThat(clinic.login.sessions().of("rad")).hasSize(32);
        assertThat(isIn()).isFalse();
    }

    @Test
    void twoCookiesOfOneNameAreNone() {
        String forged = "__Host-strongroom=" + "A".repeat(43);
        var headers = browser.headers();
        String genuine = headers.get("cookie");
        for (String both : new String[] {genuine + "; " + forged, forged + "; " + genuine}) {
            headers.put("cookie", both);
            assertThat(clinic.login.identify("GET", headers, "10.0.0.7")).isEqualTo(new Authentication.Anonymous());
        }
    }
}
