package org.strongroom.plugin.login.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.factor.OneTimeCodes;
import org.strongroom.plugin.login.page.Browser;

/** Guessing is slow, and who guesses slows down nobody else. */
class ThrottleTest {
    @TempDir
    Path folder;

    private Clinic clinic;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.open();
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private void guess(String user, String address, int times) {
        Browser stranger = new Browser(clinic, address);
        for (int i = 0; i < times; i++) {
            stranger.logIn(user, "guess");
        }
    }

    private boolean getsIn(Browser browser) {
        return browser.logIn("rad", Clinic.PASSWORD).answer.status() == 303;
    }

    @Test
    void everyFailureBeyondTheFreeOnesDoublesTheWait() {
        Browser browser = new Browser(clinic, "10.0.0.7");
        for (int i = 0; i < 5; i++) {
            assertThat(browser.logIn("rad", "guess").problem()).contains("do not belong together");
        }
        for (int seconds = 1; seconds <= 512; seconds *= 2) {
            assertThat(browser.logIn("rad", Clinic.PASSWORD).problem()).contains("Too many attempts");
            clinic.pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(browser.logIn("rad", Clinic.PASSWORD).problem()).contains("Too many attempts");
            clinic.pass(Duration.ofMillis(1));
            assertThat(browser.logIn("rad", "guess").problem()).contains("do not belong together");
        }
        clinic.pass(Duration.ofMinutes(15).minusMillis(1));
        assertThat(getsIn(browser)).isFalse();
        clinic.pass(Duration.ofMillis(1));
        assertThat(getsIn(browser)).as("never longer than a quarter of an hour").isTrue();
        assertThat(clinic.eventTypes().stream().filter(type -> type == AuditType.LOCK_OUT))
                .hasSize(1);
    }

    @Test
    void aSuccessForgetsTheFailures() {
        for (int round = 0; round < 4; round++) {
            guess("rad", "10.0.0.7", 4);
            assertThat(getsIn(new Browser(clinic, "10.0.0.7"))).isTrue();
        }
    }

    @Test
    void strangersElsewhereDoNotKeepAUserOut() {
        Browser known = new Browser(clinic, "10.0.0.7");
        assertThat(getsIn(known)).isTrue();
        for (int i = 0; i < 30; i++) {
            guess("rad", "203.0.113." + i, 1);
        }
        assertThat(getsIn(new Browser(clinic, "198.51.100.1")))
                .as("a stranger's browser at a strange place waits")
                .isFalse();
        assertThat(getsIn(new Browser(clinic, "10.0.0.7")))
                .as("a new browser at a place from where the user came before")
                .isTrue();
        known.address = "198.51.100.2";
        assertThat(getsIn(known)).as("the user's own browser, wherever it is").isTrue();
    }

    /** Everybody of a clinic has one address: behind a router, or a proxy that is not in the settings. */
    @Test
    void oneWhoGuessesInTheClinicDoesNotKeepTheClinicOut() {
        Browser known = new Browser(clinic, "10.0.0.1");
        assertThat(getsIn(known)).isTrue();
        for (int i = 0; i < 60; i++) {
            guess("user" + i, "10.0.0.1", 1);
        }
        for (int i = 0; i < 12; i++) {
            clinic.pass(Duration.ofMinutes(1));
            guess("late" + i, "10.0.0.1", 1);
        }
        assertThat(getsIn(known)).isTrue();
        Browser fresh = new Browser(clinic, "10.0.0.1");
        assertThat(getsIn(fresh)).isFalse();
        clinic.pass(Duration.ofMinutes(1));
        assertThat(getsIn(fresh))
                .as("a browser that was never here waits a minute")
                .isTrue();
    }

    @Test
    void aGuesserBehindOneAddressCannotSprayManyNames() {
        int tried = 0;
        for (int i = 0; i < 500; i++) {
            Browser stranger = new Browser(clinic, "2001:db8:0:1:" + Integer.toHexString(i) + "::1");
            stranger.logIn("user" + i, "guess");
            tried += stranger.problem().contains("do not belong together") ? 1 : 0;
        }
        assertThat(tried).as("one network of IPv6 is one guesser").isEqualTo(50);
    }

    @Test
    void aWrongNameIsLockedOutLikeARightOne() {
        guess("nobody", "10.0.0.9", 5);
        Browser browser = new Browser(clinic, "10.0.0.9");
        assertThat(browser.logIn("nobody", "guess").problem()).contains("Too many attempts");
    }

    @Test
    void codesAreGuessedNoFaster() throws IOException {
        Browser owner = new Browser(clinic, "10.0.0.7");
        owner.logIn("admin", Clinic.PASSWORD);
        String secret = owner.between("<code>", "</code>");
        owner.submit("code", OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30));
        Browser thief = new Browser(clinic, "10.0.0.9");
        thief.logIn("admin", Clinic.PASSWORD);
        for (int i = 0; i < 5; i++) {
            thief.submit("code", "99999" + i);
            assertThat(thief.problem()).contains("not the right one");
        }
        clinic.pass(Duration.ofMillis(500));
        thief.submit("code", OneTimeCodes.code(secret, clinic.now.getEpochSecond() / 30 + 1));
        assertThat(thief.problem()).contains("Too many attempts");
        assertThat(thief.identity()).isEqualTo(new Authentication.Anonymous());
    }

    @Test
    void aClockThatWasSetBackKeepsNobodyOutForLong() {
        guess("rad", "10.0.0.7", 5);
        clinic.now = clinic.now.minus(Duration.ofDays(300));
        clinic.pass(Duration.ofMinutes(15));
        Throttle throttle = new Throttle(clinic);
        Throttle.Limit limit = new Throttle.Limit("x", 1, Duration.ofMinutes(15), true);
        assertThat(throttle.begin(java.util.List.of(limit)).permitted()).isTrue();
        clinic.now = clinic.now.minus(Duration.ofDays(300));
        assertThat(throttle.begin(java.util.List.of(limit)).delay()).isLessThanOrEqualTo(Duration.ofMinutes(15));
    }
}
