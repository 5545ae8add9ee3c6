package org.strongroom.tests.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Slapd;

/** Users of an OpenLDAP directory in a real Orthanc that two clinics share. */
class DirectoryIT {
    private static final String PASSWORD = "of nora's directory";
    private static final String SILENT = "no server of the users' directory answers";

    @ParameterizedTest
    @EnumSource(Debian.class)
    void aDirectorysUserSeesWhatIsTheirClinicsAsLongAsTheyAreInTheGroup(Debian debian) {
        try (TwoClinicsPacs pacs = new TwoClinicsPacs(debian);
                Slapd slapd = new Slapd(pacs.folder("slapd"))) {
            slapd.add("Nora", PASSWORD);
            slapd.add("stranger", PASSWORD);
            slapd.add("other", PASSWORD);
            slapd.addGroup("readers", Slapd.person("nora"), Slapd.person("other"));
            pacs.askDirectory(slapd);
            Rest rest = pacs.start().rest();

            InTheBrowser nora = InTheBrowser.logIn(rest, "nora", PASSWORD);
            seesNorthAlone(pacs, rest, nora);
            doesNotComeIn(rest, "nora", "wrong");
            doesNotComeIn(rest, "stranger", PASSWORD);
            isInTheAuditLog(pacs);

            slapd.kill();
            doesNotComeIn(rest, "other", PASSWORD);
            assertThat(pacs.logIn(rest, "north-rad").get("/studies").statusCode())
                    .isEqualTo(200);
            assertThat(nora.get("/studies").statusCode()).as("for the outage").isEqualTo(200);
            await().atMost(Duration.ofMinutes(1)).until(() -> isSilent(pacs));
            slapd.start();
            await().atMost(Duration.ofMinutes(1)).until(() -> !isSilent(pacs));
            assertThat(InTheBrowser.logIn(rest, "OTHER", PASSWORD)
                            .get("/studies")
                            .statusCode())
                    .isEqualTo(200);

            slapd.remove("readers", Slapd.person("nora"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> nora.get("/studies").statusCode() != 200);
            doesNotComeIn(rest, "nora", PASSWORD);
        }
    }

    private static void seesNorthAlone(TwoClinicsPacs pacs, Rest rest, InTheBrowser nora) {
        JsonNode studies = Rest.parse(nora.get("/studies?expand").body());
        assertThat(studies.findValuesAsText("StudyInstanceUID"))
                .containsExactlyInAnyOrder(
                        TwoClinicsPacs.NORTH + ".0", TwoClinicsPacs.NORTH + ".1", TwoClinicsPacs.NORTH + ".2");
        String souths = pacs.find(rest, "south-rad", "Study", TwoClinicsPacs.SOUTH + ".1")
                .path(0)
                .asText();
        assertThat(souths).isNotEmpty();
        HttpResponse<byte[]> refused = nora.get("/studies/" + souths);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).doesNotContain("SOUTHERN");
    }

    private static void doesNotComeIn(Rest rest, String user, String password) {
        assertThatThrownBy(() -> InTheBrowser.logIn(rest, user, password)).hasMessageContaining("no session");
    }

    private static boolean isSilent(TwoClinicsPacs pacs) {
        return pacs.cli("status").output().contains(SILENT);
    }

    private static void isInTheAuditLog(TwoClinicsPacs pacs) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(pacs.cli("audit", "search", "--user", "nora", "--json")
                                .orFail()
                                .output())
                        .contains("password of the directory", "wrong password")
                        .doesNotContain(PASSWORD));
    }
}
