package org.strongroom.plugin.login.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.DirectoryGroupSettings;
import org.strongroom.plugin.access.Decision;
import org.strongroom.plugin.access.Principal;
import org.strongroom.plugin.access.Roles;
import org.strongroom.plugin.login.Clinic;
import org.strongroom.plugin.login.account.Authentication;
import org.strongroom.plugin.login.page.Browser;

class ShareLinksTest {
    private static final String STUDY = "11111111-11111111-11111111-11111111-11111111";
    private static final String OTHER = "22222222-22222222-22222222-22222222-22222222";
    private static final String SHARED = "/strongroom/shared";

    @TempDir
    Path folder;

    private Clinic clinic;
    private Browser rad;
    private Browser somebody;

    @BeforeEach
    void open() throws IOException {
        clinic = new Clinic(folder);
        clinic.studies.all.put(STUDY, new SharedStudies.Known("north", "key-1"));
        clinic.studies.all.put(OTHER, new SharedStudies.Known("north", "key-2"));
        clinic.user("manager", List.of("north"), "administrator");
        clinic.user("elsewhere", List.of("south"), "administrator");
        clinic.open();
        rad = new Browser(clinic, "10.0.0.7");
        rad.logIn("rad", Clinic.PASSWORD);
        somebody = new Browser(clinic, "192.0.2.1");
        clinic.events.clear();
    }

    @AfterEach
    void close() throws IOException {
        clinic.close();
    }

    private static Browser act(Browser browser, String action, String... fields) throws IOException {
        browser.get("/strongroom/share?study=" + STUDY);
        Map<String, String> form = new HashMap<>();
        form.put("csrf", browser.between("name=\"csrf\" value=\"", "\""));
        form.put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            form.put(fields[i], fields[i + 1]);
        }
        return browser.post("/strongroom/share", form);
    }

    /** Makes one and returns its path. */
    private String make(String... more) throws IOException {
        List<String> fields = new ArrayList<>(List.of("study", STUDY, "note", "Dr. Doe", "count", "2", "unit", "days"));
        fields.addAll(List.of(more));
        act(rad, "make", fields.toArray(new String[0]));
        assertThat(rad.title()).as(rad.problem()).isEqualTo("A new link");
        return rad.between("<code>", "</code>");
    }

    private Browser press(Browser browser, String link) {
        return browser.post(SHARED, Map.of("link", link.substring(link.lastIndexOf('/') + 1)));
    }

    private ShareLink only() {
        return clinic.login.shares().of(clinic.accounts.get("rad").principal()).get(0);
    }

    private boolean isIn(Browser browser) {
        return browser.identity() instanceof Authentication.User;
    }

    private Principal who(Browser browser) {
        return ((Authentication.User) browser.identity()).principal();
    }

    private void assertOpensNothing(String link) {
        Browser other = new Browser(clinic, "192.0.2.9");
        press(other, link);
        assertThat(other.title()).isEqualTo("Nothing here");
        assertThat(other.cookies).isEmpty();
    }

    @Test
    void aLinkIsShownOnceAndOpensOneStudyForWhoPressesTheButton() throws Exception {
        String link = make();
        assertThat(link).matches(".*/strongroom/shared/[A-Za-z0-9_-]{43}");
        String secret = link.substring(link.lastIndexOf('/') + 1);
        assertThat(rad.get("/strongroom/share").page()).contains("Dr. Doe").doesNotContain(secret);

        somebody.get(SHARED + "/" + secret);
        assertThat(somebody.title()).isEqualTo("Images for you");
        assertThat(somebody.page()).contains("href=\"../login.css\"", "action=\"../shared\"");
        assertThat(isIn(somebody))
                .as("a program that looks at mails opens nothing")
                .isFalse();
        assertThat(only().uses()).isZero();

        press(somebody, link);
        assertThat(somebody.header("Location")).isEqualTo("shared");
        assertThat(who(somebody).name()).isEqualTo("share:" + only().id());
        assertThat(clinic.studies.decide(who(somebody), "/studies/" + STUDY))
                .as("with the patient's tags of its own images")
                .isInstanceOf(Decision.Filter.class);
        assertThat(clinic.studies.decide(who(somebody), "/studies/" + OTHER)).isInstanceOf(Decision.Deny.class);
        assertThat(clinic.studies.decide(who(somebody), "/studies/" + STUDY + "/archive"))
                .isInstanceOf(Decision.Deny.class);
        assertThat(somebody.get(SHARED).page())
                .contains("DOE^JOHN", "../instances/i2/preview", "../viewer?series=s2")
                .doesNotContain("/archive");
        assertThat(only().uses()).isEqualTo(1);
        assertThat(rad.get("/strongroom/share").page()).contains("<td>1</td><td>2026-11-26 08:00 UTC</td>");

        assertThat(clinic.eventTypes()).containsExactly(AuditType.SHARE_CREATE, AuditType.SHARE_USE);
        AuditEvent made = clinic.events.get(0);
        assertThat(made.principal()).contains("rad");
        assertThat(made.tenant()).contains("north");
        assertThat(made.details())
                .containsEntry("share", only().id())
                .containsEntry("key", "key-1")
                .containsEntry("download", "false")
                .containsEntry("until", "2026-11-28T08:00:00Z");
        AuditEvent used = clinic.events.get(1);
        assertThat(used.principal()).contains("share:" + only().id());
        assertThat(used.address()).contains("192.0.2.1");
        assertThat(used.details()).containsEntry("sharedBy", "rad");
        assertThat(clinic.events.toString()).doesNotContain(secret, "Doe", STUDY);
        assertThat(only().toString()).doesNotContain("Doe", STUDY);
    }

    @Test
    void itOpensInTheViewerAtHand() throws Exception {
        clinic.studies.viewed.add(STUDY);
        press(somebody, make());
        assertThat(somebody.header("Location")).isEqualTo("../viewer/index.html?study=1.2.3");
    }

    @Test
    void whereDownloadsArePermittedTheyAre() throws Exception {
        String link = make("download", "yes");
        press(somebody, link);
        assertThat(clinic.studies.decide(who(somebody), "/studies/" + STUDY + "/archive"))
                .isInstanceOf(Decision.Filter.class);
        assertThat(somebody.get(SHARED).page()).contains("../studies/" + STUDY + "/archive");
    }

    @Test
    void theWholeAddressIsWhatTheBrowserSays() throws Exception {
        for (Map.Entry<String, String> said : Map.of(
                        "https://pacs.example/orthanc/strongroom/share?study=" + STUDY,
                        "https://pacs.example/orthanc",
                        "https://pacs.example:8443/strongroom/share",
                        "https://pacs.example:8443",
                        "javascript:alert(1)/strongroom/share",
                        "",
                        "https://a b/strongroom/share",
                        "")
                .entrySet()) {
            rad.referer = said.getKey();
            assertThat(make()).startsWith(said.getValue() + "/strongroom/shared/");
        }
    }

    @Test
    void itIsOverWhenItsTimeIsAndNoClockThatIsSetBackChangesThat() throws Exception {
        String link = make();
        clinic.pass(Duration.ofDays(2).minusSeconds(1));
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
        clinic.pass(Duration.ofSeconds(1));
        assertThat(isIn(somebody)).as("nor does what was open stay open").isFalse();
        assertOpensNothing(link);
        assertThat(clinic.login.shares().of(clinic.accounts.get("rad").principal()))
                .isEmpty();
        clinic.login.shares().look();
        clinic.pass(Duration.ofDays(-1));
        assertThat(clinic.login.shares().use(link.substring(link.lastIndexOf('/') + 1), "192.0.2.9"))
                .isEmpty();
        clinic.restart();
        assertOpensNothing(link);
    }

    /** Before anything has seen that it is over: at the time of the last use it still was not. */
    @Test
    void aClockThatIsSetBehindWhatIsKnownOpensNothing() throws Exception {
        String link = make();
        clinic.pass(Duration.ofMinutes(-2));
        assertOpensNothing(link);
        clinic.pass(Duration.ofMinutes(2));
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
    }

    @Test
    void revokingEndsWhatIsOpenAtOnce() throws Exception {
        String link = make();
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
        act(rad, "revoke", "id", only().id());
        assertThat(isIn(somebody)).isFalse();
        assertThat(somebody.get(SHARED).title()).isEqualTo("Nothing here");
        assertOpensNothing(link);
        assertThat(clinic.eventTypes())
                .containsExactly(
                        AuditType.SHARE_CREATE, AuditType.SHARE_USE, AuditType.SHARE_REVOKE, AuditType.SHARE_USE);
        AuditEvent refused = clinic.events.get(3);
        assertThat(refused.outcome()).isEqualTo(AuditOutcome.REFUSED);
        assertThat(refused.principal())
                .as("which one it was is known")
                .isEqualTo(clinic.events.get(1).principal());
    }

    @Test
    void onlyWhoMadeItOrManagesTheTenantsAccessRevokes() throws Exception {
        String link = make();
        String id = only().id();
        clinic.user("another", List.of("north"), "radiologist");
        for (String user : List.of("another", "elsewhere")) {
            Principal principal = clinic.accounts.get(user).principal();
            assertThat(clinic.login.shares().revoke(principal, id, "")).as(user).isFalse();
            assertThat(clinic.login.shares().ofOthers(principal)).as(user).isEmpty();
        }
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
        Browser manager = new Browser(clinic, "10.0.0.8");
        manager.logIn("manager", Clinic.PASSWORD);
        assertThat(manager.get("/strongroom/share?study=" + STUDY).page())
                .contains("rad: Dr. Doe", "This study cannot be shared")
                .doesNotContain("Share a study");
        act(manager, "revoke", "id", id);
        assertThat(isIn(somebody)).isFalse();
        assertOpensNothing(link);
    }

    @Test
    void whateverOpensNothingLooksTheSame() throws Exception {
        String link = make();
        String secret = link.substring(link.lastIndexOf('/') + 1);
        List<String> wrong = new ArrayList<>(List.of("", "x", "A".repeat(43), secret + "A", secret.substring(1)));
        for (int i = 0; i < secret.length() - 1; i += 6) {
            char other = secret.charAt(i) == 'A' ? 'B' : 'A';
            wrong.add(secret.substring(0, i) + other + secret.substring(i + 1));
        }
        List<String> pages = new ArrayList<>();
        for (String one : wrong) {
            Browser other = new Browser(clinic, "192.0.2.9");
            pages.add(press(other, "/" + one).page());
            assertThat(other.cookies).isEmpty();
        }
        assertThat(somebody.get(SHARED + "/" + "A".repeat(43)).page().replace("A".repeat(43), ""))
                .as("nor does the page with the button tell")
                .isEqualTo(somebody.get(SHARED + "/" + secret).page().replace(secret, ""));
        act(rad, "revoke", "id", only().id());
        pages.add(press(somebody, link).page());
        String expired = make();
        clinic.pass(Duration.ofDays(2));
        pages.add(press(somebody, expired).page());
        assertThat(pages.stream().distinct()).hasSize(1);
        assertThat(clinic.events.stream()
                        .filter(event -> event.type() == AuditType.SHARE_USE)
                        .map(AuditEvent::outcome))
                .hasSize(pages.size())
                .containsOnly(AuditOutcome.REFUSED);
    }

    @Test
    void itGoesNoFurtherThanItsMaker() throws Exception {
        String link = make("download", "yes");
        press(somebody, link);
        clinic.user("rad", List.of("north"), "referrer");
        clinic.restart();
        assertThat(isIn(somebody)).as("who may not share any more").isFalse();
        assertOpensNothing(link);
        clinic.user("rad", List.of("south"), "radiologist");
        clinic.restart();
        assertOpensNothing(link);
        clinic.user("rad", List.of("north"), "radiologist");
        clinic.restart();
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
        clinic.accounts.remove("rad");
        clinic.restart();
        assertThat(isIn(somebody)).as("who is no user any more").isFalse();
        assertOpensNothing(link);
        clinic.login.shares().look();
        clinic.user("rad", List.of("north"), "radiologist");
        clinic.restart();
        assertOpensNothing(link); // of somebody else who has been given the name
    }

    @Test
    void itDoesNotFollowAStudyToAnotherTenant() throws Exception {
        clinic.user("rad", List.of("north", "south"), "radiologist");
        clinic.restart();
        String link = make();
        press(somebody, link);
        clinic.studies.all.put(STUDY, new SharedStudies.Known("south", "key-3"));
        assertThat(clinic.studies.decide(who(somebody), "/studies/" + STUDY)).isInstanceOf(Decision.Deny.class);
        assertOpensNothing(link);
        clinic.login.shares().look();
        assertThat(isIn(somebody)).isFalse();
        AuditEvent last = clinic.events.get(clinic.events.size() - 1);
        assertThat(last.type()).isEqualTo(AuditType.SHARE_REVOKE);
        assertThat(last.principal()).contains(AuditEvent.STRONGROOM);
    }

    @Test
    void anErasedStudyTakesItsLinksWithIt() throws Exception {
        String seen = make();
        SharedStudies.Known known = clinic.studies.all.remove(STUDY);
        assertOpensNothing(seen);
        clinic.studies.away = true;
        clinic.login.shares().look();
        assertThat(clinic.login.shares().of(clinic.accounts.get("rad").principal()))
                .as("nothing is concluded from an Orthanc that does not answer")
                .hasSize(1);
        clinic.studies.away = false;
        clinic.login.shares().look();
        clinic.studies.all.put(STUDY, known);
        assertOpensNothing(seen);
        assertThat(clinic.eventTypes()).containsOnlyOnce(AuditType.SHARE_REVOKE);

        String unseen = make();
        clinic.studies.all.put(STUDY, new SharedStudies.Known("north", "key-9"));
        assertOpensNothing(unseen);
    }

    /** Orthanc and the directory may take long to say whether a link is good. */
    @Test
    void whoRevokesDoesNotWaitForWhoOpensAndComesFirst() throws Exception {
        String link = make();
        String id = only().id();
        Principal maker = clinic.accounts.get("rad").principal();
        clinic.studies.meanwhile = () -> assertThat(CompletableFuture.supplyAsync(
                                () -> clinic.login.shares().revoke(maker, id, ""))
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .isTrue();
        press(somebody, link);
        assertThat(somebody.title()).isEqualTo("Nothing here");
        assertThat(isIn(somebody)).isFalse();
    }

    /** Groups of a directory give roles in their own tenants. */
    @Test
    void whoManagesAccessElsewhereManagesNothingHere() throws Exception {
        make();
        DirectoryGroupSettings reads = group("radiologist", "north");
        Roles roles = clinic.who().roles();
        Principal elsewhere = roles.principal("x", List.of(reads, group("administrator", "south")), List.of());
        assertThat(clinic.login.shares().ofOthers(elsewhere)).isEmpty();
        assertThat(clinic.login.shares().revoke(elsewhere, only().id(), "")).isFalse();
        Principal here = roles.principal("x", List.of(reads, group("administrator", "north")), List.of());
        assertThat(clinic.login.shares().ofOthers(here)).hasSize(1);
        assertThat(clinic.login.shares().revoke(here, only().id(), "")).isTrue();
    }

    private static DirectoryGroupSettings group(String role, String tenant) {
        return new DirectoryGroupSettings("cn=" + role, List.of(role), List.of(tenant));
    }

    @Test
    void aStartForgetsNothing() throws Exception {
        String link = make();
        press(somebody, link);
        clinic.restart();
        assertThat(isIn(somebody)).isTrue();
        press(new Browser(clinic, "192.0.2.3"), link);
        assertThat(only().uses()).isEqualTo(2);
        String id = only().id();
        act(rad, "revoke", "id", id);
        clinic.restart();
        assertThat(isIn(somebody)).isFalse();
        assertOpensNothing(link);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(content).as("%s", file).doesNotContain("Dr. Doe", link.substring(link.lastIndexOf('/') + 1));
            }
        }
    }

    @Test
    void nobodySharesWhatIsNotTheirsToShare() throws Exception {
        for (String user : List.of("manager", "elsewhere")) {
            Principal principal = clinic.accounts.get(user).principal();
            assertThatThrownBy(() ->
                            clinic.login.shares().make(principal, STUDY, Duration.ofDays(1), false, "Dr. Doe", ""))
                    .isInstanceOf(StrongroomException.class)
                    .hasMessageContaining("may not share");
        }
        press(somebody, make());
        Principal holder = who(somebody);
        assertThatThrownBy(() -> clinic.login.shares().make(holder, STUDY, Duration.ofDays(1), false, "x", ""))
                .isInstanceOf(StrongroomException.class);
        assertThat(act(rad, "make", "study", "33333333-33333333-33333333-33333333-33333333", "note", "x")
                        .problem())
                .contains("may not share");
        assertThat(act(rad, "make", "study", "../../system", "note", "x").problem())
                .contains("may not share");
        assertThat(act(rad, "make", "study", STUDY, "note", " ").problem()).contains("whom it is for");
        assertThat(act(rad, "make", "study", STUDY, "note", "x".repeat(201)).problem())
                .contains("whom it is for");
        assertThat(clinic.eventTypes()).containsOnlyOnce(AuditType.SHARE_CREATE);
    }

    @Test
    void noneIsGoodForLongerThanTheSettingsSay() throws Exception {
        String link = make("count", "99999", "unit", "days");
        assertThat(only().until()).isEqualTo(clinic.now.plus(Duration.ofDays(30)));
        clinic.pass(Duration.ofHours(3));
        clinic.longestShare = Duration.ofHours(2);
        clinic.restart();
        assertOpensNothing(link);
        clinic.longestShare = Duration.ZERO;
        clinic.restart();
        assertOpensNothing(link);
        rad.logIn("rad", Clinic.PASSWORD);
        assertThat(rad.get("/strongroom/share?study=" + STUDY).page()).doesNotContain("Share a study");
        assertThatThrownBy(() -> clinic.login
                        .shares()
                        .make(clinic.accounts.get("rad").principal(), STUDY, Duration.ofDays(1), false, "x", ""))
                .isInstanceOf(StrongroomException.class);
    }

    @Test
    void whoHoldsALinkIsNoUser() throws Exception {
        press(somebody, make());
        for (String page : List.of("/strongroom/account", "/strongroom/emergency", "/strongroom/share")) {
            assertThat(somebody.get(page).header("Location")).as(page).startsWith("login?to=");
        }
        assertThat(somebody.identity("DELETE")).isInstanceOf(Authentication.User.class);
        somebody.site = "cross-site";
        assertThat(somebody.identity("POST")).isInstanceOf(Authentication.Refused.class);
        somebody.site = "same-origin";
        somebody.get("/strongroom/logout").submit();
        assertThat(isIn(somebody)).isFalse();
    }

    @Test
    void nothingIsDoneForAFormFromElsewhere() throws Exception {
        String link = make();
        somebody.site = "cross-site";
        assertThat(press(somebody, link).problem()).contains("open them here");
        assertThat(isIn(somebody)).isFalse();
        rad.site = "cross-site";
        assertThat(act(rad, "revoke", "id", only().id()).problem()).contains("did not come from this page");
        rad.site = "same-origin";
        rad.post("/strongroom/share", Map.of("csrf", "x", "action", "revoke", "id", only().id()));
        assertThat(rad.problem()).contains("did not come from this page");
        act(rad, "revoke");
        act(rad, "revoke", "id", "");
        assertThat(isIn(rad)).as("nobody else is logged out").isTrue();
        assertThat(only().uses()).isZero();
        Browser stranger = new Browser(clinic, "10.0.0.9");
        assertThat(stranger.get("/strongroom/share?study=" + STUDY).header("Location"))
                .startsWith("login?to=");
    }

    @Test
    void whatCannotBeRecordedIsNeitherMadeNorOpenedNorEnded() throws Exception {
        String link = make();
        Principal maker = clinic.accounts.get("rad").principal();
        clinic.deaf = true;
        assertThatThrownBy(() -> clinic.login.shares().make(maker, STUDY, Duration.ofDays(1), false, "x", ""))
                .isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> press(somebody, link)).isInstanceOf(StrongroomException.class);
        assertThatThrownBy(() -> clinic.login.shares().revoke(maker, only().id(), ""))
                .isInstanceOf(StrongroomException.class);
        clinic.deaf = false;
        assertThat(isIn(somebody)).isFalse();
        assertThat(only().uses()).isZero();
    }

    @Test
    void guessingIsMadeSlowAndNobodyElseWaits() throws Exception {
        String link = make();
        Browser guesser = new Browser(clinic, "198.51.100.1");
        boolean waits = false;
        for (int i = 0; i < 60 && !waits; i++) {
            waits = press(guesser, "/" + Integer.toString(i, 36).repeat(20))
                    .title()
                    .equals("Please wait");
        }
        assertThat(waits).isTrue();
        int recorded = clinic.events.size();
        press(guesser, "/another");
        assertThat(clinic.events).as("what is not tried is not recorded").hasSize(recorded);
        press(somebody, link);
        assertThat(isIn(somebody)).isTrue();
    }

    @Test
    void oneUserMakesSoManyAndNoMore() throws Exception {
        Principal maker = clinic.accounts.get("rad").principal();
        for (int i = 0; i < 200; i++) {
            clinic.login.shares().make(maker, STUDY, Duration.ofDays(1), false, "n" + i, "");
        }
        assertThatThrownBy(() -> clinic.login.shares().make(maker, STUDY, Duration.ofDays(1), false, "x", ""))
                .hasMessageContaining("too many links");
        clinic.pass(Duration.ofDays(1));
        clinic.login.shares().make(maker, STUDY, Duration.ofDays(1), false, "x", "");
        clinic.pass(Duration.ofDays(91));
        clinic.login.shares().look();
        clinic.login.shares().look();
        assertThat(clinic.login.shares().of(maker)).isEmpty();
    }
}
