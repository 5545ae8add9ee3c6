package org.strongroom.plugin.login.emergency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.page.Browser;

class EmergenciesTest {
    private static final String WHY = "unconscious in the emergency room";

    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.user("er", List.of("north"), "referrer", "er");
        clinic.user("chief", List.of("north"), "auditor");
        clinic.user("elsewhere", List.of("south"), "auditor");
        clinic.open();
        browser = new Browser(clinic, "10.0.0.7");
        browser.logIn("er", Clinic.PASSWORD);
        clinic.events.clear();
        browser.get("/strongroom/emergency");
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private static Browser act(Browser browser, String action, String... fields) throws IOException {
        Map<String, String> form = new HashMap<>();
        form.put("csrf", browser.between("name=\"csrf\" value=\"", "\""));
        form.put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        browser.post("/strongroom/emergency", form);
        return browser.answer.status() == 303 ? browser.get("/strongroom/emergency") : browser;
    }

    private List<String> opened() {
        return ((Authentication.User) browser.identity())
                .principal().opened().stream()
                        .map(one -> one.tenant() + " " + one.patient())
                        .sorted()
                        .toList();
    }

    private String waiting() throws IOException {
        return Files.readString(clinic.home.unreviewed(), StandardCharsets.US_ASCII);
    }

    @Test
    void aPatientIsOpenForAWhileAndSomebodyIsTold() throws Exception {
        assertThat(opened()).isEmpty();
        act(browser, "open", "patient", "P1", "reason", WHY);
        assertThat(browser.page()).contains("patient P1 is open to you until 2026-11-26 12:00 UTC");
        assertThat(opened()).isNotEmpty().allMatch(one -> one.startsWith("north "));
        assertThat(clinic.eventTypes()).containsExactly(AuditType.BREAK_GLASS_START, AuditType.ALERT);
        assertThat(clinic.events.toString()).doesNotContainPattern("\\bP1\\b").doesNotContain("unconscious");
        assertThat(waiting()).hasSize(37);
        clinic.restart();
        assertThat(opened()).as("also after a start").isNotEmpty();

        clinic.pass(Duration.ofHours(4));
        browser.logIn("er", Clinic.PASSWORD);
        assertThat(opened()).isEmpty();
        clinic.login.emergencies().expire(); // if nobody has done so beside
        clinic.login.emergencies().expire();
        assertThat(clinic.eventTypes()).containsOnlyOnce(AuditType.BREAK_GLASS_END);
    }

    @Test
    void whoOpenedItMayEndItAndNobodyElse() throws Exception {
        act(browser, "open", "patient", "P1", "reason", WHY);
        String id = waiting().strip();
        clinic.login.emergencies().end("chief", id);
        assertThat(opened()).isNotEmpty();
        act(browser, "end", "id", id);
        assertThat(opened()).isEmpty();
        assertThat(clinic.eventTypes()).endsWith(AuditType.BREAK_GLASS_END);
        assertThat(waiting()).as("it still has to be reviewed").contains(id);
    }

    @Test
    void aClockThatWasSetBackOpensNothing() throws Exception {
        act(browser, "open", "patient", "P1", "reason", WHY);
        Principal er = clinic.accounts.get("er").principal();
        clinic.pass(Duration.ofDays(-1));
        assertThat(clinic.login.emergencies().opening(er).opened()).isEmpty();
    }

    @Test
    void onlyOneWhoseRoleSaysSoAndInTheirOwnTenants() throws Exception {
        for (String user : List.of("rad", "chief")) {
            Browser other = new Browser(clinic, "10.0.0.8");
            other.logIn(user, Clinic.PASSWORD);
            assertThat(other.get("/strongroom/emergency").page()).doesNotContain("Open a patient");
            Principal principal = clinic.accounts.get(user).principal();
            assertThatThrownBy(() -> clinic.login.emergencies().begin(principal, "P1", WHY, ""))
                    .isInstanceOf(StrongroomException.class);
        }
        assertThat(clinic.login.emergencies().all()).isEmpty();
        Browser stranger = new Browser(clinic, "10.0.0.9");
        assertThat(stranger.get("/strongroom/emergency").header("Location")).startsWith("login?to=");
    }

    /** A role that was taken away takes what is open with it. */
    @Test
    void nothingStaysOpenForWhoMayNotAnyMore() throws Exception {
        act(browser, "open", "patient", "P1", "reason", WHY);
        clinic.user("er", List.of("north"), "referrer");
        clinic.restart();
        assertThat(opened()).isEmpty();
    }

    @Test
    void nobodyOpensWithoutAReasonOrOneAfterTheOther() throws Exception {
        assertThat(act(browser, "open", "patient", "P1", "reason", "x").problem())
                .contains("a reason has");
        assertThat(act(browser, "open", "patient", " ", "reason", WHY).problem())
                .contains("PatientID");
        assertThat(act(browser, "open", "patient", "P".repeat(65), "reason", WHY)
                        .problem())
                .contains("PatientID");
        assertThat(clinic.events).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(act(browser, "open", "patient", "P" + i, "reason", WHY).problem())
                    .isEmpty();
        }
        assertThat(act(browser, "open", "patient", "P20", "reason", WHY).problem())
                .contains("you have opened 20 patients");
        clinic.pass(Duration.ofDays(1));
        browser.logIn("er", Clinic.PASSWORD);
        browser.get("/strongroom/emergency");
        assertThat(act(browser, "open", "patient", "P20", "reason", WHY).problem())
                .isEmpty();
    }

    @Test
    void whatCannotBeRecordedIsNotOpened() throws Exception {
        clinic.deaf = true;
        StrongroomException failure = catchThrowableOfType(
                StrongroomException.class,
                () -> clinic.login.emergencies().begin(clinic.accounts.get("er").principal(), "P1", WHY, ""));
        assertThat(failure).isNotNull();
        assertThat(opened()).isEmpty();
    }

    @Test
    void somebodyElseReviewsItWhoReadsTheLog() throws Exception {
        act(browser, "open", "patient", "P1", "reason", WHY);
        String id = waiting().strip();
        act(browser, "review", "id", id, "note", "fine");
        assertThat(waiting()).as("may not").contains(id);
        for (String user : List.of("er", "elsewhere")) {
            Principal principal = clinic.accounts.get(user).principal();
            assertThatThrownBy(() -> clinic.login.emergencies().review(principal, id, "fine"))
                    .hasMessageContaining("your own, or of a tenant");
        }
        assertThatThrownBy(() -> clinic.login.emergencies().review(Principal.NOBODY, id, "fine"))
                .isInstanceOf(StrongroomException.class);

        Browser elsewhere = new Browser(clinic, "10.0.0.8");
        elsewhere.logIn("elsewhere", Clinic.PASSWORD);
        assertThat(elsewhere.get("/strongroom/emergency").page())
                .contains("To be reviewed: 1")
                .doesNotContain("unconscious")
                .doesNotContain(id)
                .doesNotContainPattern("\\bP1\\b");
        Browser chief = new Browser(clinic, "10.0.0.9");
        chief.logIn("chief", Clinic.PASSWORD);
        assertThat(chief.get("/strongroom/emergency").page())
                .contains("unconscious")
                .doesNotContainPattern("\\bP1\\b");
        assertThat(act(chief, "review", "id", id, "note", " ").problem()).contains("what was found");
        act(chief, "review", "id", id, "note", "asked her, fine");
        assertThat(chief.page()).contains("To be reviewed: 0");
        assertThat(waiting()).isEmpty();
        assertThat(clinic.eventTypes()).endsWith(AuditType.BREAK_GLASS_REVIEW);
        assertThat(clinic.login.emergencies().all().get(0).findReview().map(Emergency.Review::by))
                .isEqualTo(Optional.of("chief"));
        assertThatThrownBy(() -> clinic.login
                        .emergencies()
                        .review(clinic.accounts.get("chief").principal(), id, "again"))
                .isInstanceOf(StrongroomException.class);
        assertThat(opened()).as("a review ends nothing").isNotEmpty();
    }

    /** A disk that takes nothing for a while. */
    private static void blocked(Path file, Executable meanwhile) throws Throwable {
        Path aside = file.resolveSibling("aside");
        Files.move(file, aside);
        Files.createDirectories(file.resolve("in the way"));
        meanwhile.execute();
        Files.delete(file.resolve("in the way"));
        Files.delete(file);
        Files.move(aside, file);
    }

    @Test
    void anEndThatCannotBeWrittenIsRecordedOnce() throws Throwable {
        act(browser, "open", "patient", "P1", "reason", WHY);
        clinic.pass(Duration.ofHours(4));
        Path state;
        try (Stream<Path> files = Files.walk(folder)) {
            state = files.filter(file -> file.endsWith("emergencies.strs"))
                    .findFirst()
                    .orElseThrow();
        }
        blocked(state, () -> {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> clinic.login.emergencies().expire()).isInstanceOf(RuntimeException.class);
            }
        });
        clinic.login.emergencies().expire();
        assertThat(clinic.eventTypes()).containsOnlyOnce(AuditType.BREAK_GLASS_END);
        assertThat(clinic.login.emergencies().all().get(0).ended()).isTrue();
    }

    @Test
    void theSidecarIsToldLaterWhatItCouldNotBeToldAtOnce() throws Throwable {
        blocked(clinic.home.unreviewed(), () -> act(browser, "open", "patient", "P1", "reason", WHY));
        assertThat(waiting()).isEmpty();
        clinic.login.emergencies().expire();
        assertThat(waiting()).hasSize(37);
    }

    @Test
    void nothingIsDoneForAFormFromElsewhere() throws Exception {
        browser.site = "cross-site";
        assertThat(act(browser, "open", "patient", "P1", "reason", WHY).problem())
                .contains("did not come from this page");
        browser.site = "same-origin";
        browser.post("/strongroom/emergency", Map.of("csrf", "x", "action", "open", "patient", "P1", "reason", WHY));
        assertThat(browser.problem()).contains("did not come from this page");
        assertThat(clinic.login.emergencies().all()).isEmpty();
    }

    /** Whoever has a program's token need not be the one who has asked. */
    @Test
    void anAppTokenOpensNothing() throws Exception {
        String token = clinic.login.tokens().make("er", "viewer", List.of(), Duration.ofDays(1));
        act(browser, "open", "patient", "P1", "reason", WHY);
        Authentication user = clinic.login.identify("GET", Map.of("authorization", "Bearer " + token), "10.0.0.9");
        assertThat(((Authentication.User) user).principal().opened()).isEmpty();
    }
}
