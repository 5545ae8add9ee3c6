package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

class TenantPlacesTest {
    private static final String SOUTH = "\"south\": { \"Sources\": { \"AETs\": [\"S\"] } }";
    private static final String IN_EU = SOUTH + ", \"north\": { \"Jurisdictions\": [\"EU\"] }";
    private static final String NEAR = "\"near\": { \"Directory\": \"/mnt/near\", \"Jurisdiction\": \"eu\" }";
    private static final String ABROAD =
            NEAR + ", \"abroad\": { \"Directory\": \"/mnt/abroad\", \"Jurisdiction\": \"US\" }";

    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new Home(folder);
        Files.createDirectories(home.run());
    }

    @Test
    void whatWasSaidOfATenantHoldsWhenTheSettingsDoNotNameItAnyMore() throws IOException {
        start(settings(IN_EU, ABROAD));
        start(settings(IN_EU, ABROAD));
        assertRefused(settings(SOUTH, ABROAD), "abroad");
        assertRefused(settings("", ABROAD), "abroad");

        start(settings(SOUTH, NEAR));
        start(settings(SOUTH, NEAR));
        assertThat(TenantPlaces.of(home).formerJurisdictions(settings(SOUTH, NEAR)))
                .containsOnly(Map.entry("north", List.of("EU")));
        assertThat(TenantPlaces.of(home).formerJurisdictions(settings(IN_EU, NEAR)))
                .isEmpty();
        assertRefused(settings(SOUTH, ABROAD), "abroad");
        start(settings(IN_EU, ABROAD));
    }

    @Test
    void itsTiersHoldAsWell() throws IOException {
        start(settings(SOUTH + ", \"north\": { \"Tiers\": [\"near\"] }", ABROAD));
        start(settings(SOUTH, NEAR));
        assertRefused(settings(SOUTH, ABROAD), "abroad");

        start(settings(SOUTH + ", \"north\": { \"Tiers\": [\"near\", \"abroad\"] }", ABROAD));
        start(settings(SOUTH, ABROAD));
    }

    @Test
    void aTierThatNoTenantMayUseIsNoDanger() throws IOException {
        start(settings(IN_EU, ABROAD));
        start(settings("\"south\": { \"Jurisdictions\": [\"EU\"] }", ABROAD));
        assertRefused(settings(SOUTH, ABROAD), "abroad");
    }

    @Test
    void whereNothingIsRememberedYetTheLastSettingsTell() throws IOException {
        assertPermitted(settings(SOUTH, ABROAD));
        Files.writeString(home.settings(), settings(IN_EU, NEAR).toJson());
        assertRefused(settings(SOUTH, ABROAD), "abroad");
        Files.writeString(home.settings(), "{ \"Strongroom\": { \"SettingOfAnotherVersion\": 1 } }");
        assertPermitted(settings(SOUTH, ABROAD));
    }

    /** A recovery hands its own settings over before it has read those of the snapshot, and they name tiers alone. */
    @Test
    void whatTheSettingsOfTheLostMachineSaidHoldsForTenantsThatTheLastOnesDoNotName() throws IOException {
        Files.writeString(home.recoveredSettings(), settings(IN_EU, NEAR).toJson());
        assertRefused(settings(SOUTH, ABROAD), "abroad");
        for (String last :
                List.of(settings("", ABROAD).toJson(), settings(SOUTH, NEAR).toJson(), "{}")) {
            Files.writeString(home.settings(), last);
            assertRefused(settings(SOUTH, ABROAD), "abroad");
        }
        Files.writeString(
                home.settings(), settings(IN_EU.replace("EU", "US"), ABROAD).toJson());
        assertRefused(settings(SOUTH, ABROAD), "near");
    }

    @Test
    void tiersOfTheLostMachineMayHaveOtherNamesNow() throws IOException {
        String inNear = SOUTH + ", \"north\": { \"Tiers\": [\"near\"] }";
        Files.writeString(home.recoveredSettings(), settings(inNear, ABROAD).toJson());
        assertPermitted(settings(SOUTH, ABROAD));
        String inEu = SOUTH + ", \"north\": { \"Tiers\": [\"near\"], \"Jurisdictions\": [\"EU\"] }";
        Files.writeString(home.recoveredSettings(), settings(inEu, ABROAD).toJson());
        assertPermitted(settings(SOUTH, NEAR.replace("near", "recovered")));
        assertRefused(settings(SOUTH, ABROAD), "abroad");
    }

    @Test
    void nothingIsWrittenThatNobodySaidAndWhatIsDamagedIsNotTakenForNothing() throws IOException {
        start(settings(SOUTH, ABROAD));
        assertThat(home.tenantPlaces()).doesNotExist();
        start(settings(IN_EU, ABROAD));
        assertThat(home.tenantPlaces())
                .content()
                .contains("north")
                .contains("EU")
                .doesNotContain("south");
        for (String damaged : new String[] {
            "",
            "[]",
            "{ \"north\": { \"Jurisdictions\": [1] } }",
            "{ \"north\": { \"Jurisdictions\": \"EU\" } }",
            "{ \"north\": { \"Jurisdictions\": null } }",
            "{ \"north\": { \"Tiers\": \"near\" } }",
            "{ \"north\": { \"Jurisdiction\": [\"EU\"] } }",
            "{ \"north\": [\"EU\"] }",
            "{ \"north\": \"EU\" }"
        }) {
            Files.writeString(home.tenantPlaces(), damaged);
            assertThatThrownBy(() -> TenantPlaces.of(home))
                    .isInstanceOfSatisfying(
                            StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        }
    }

    /** As the plugin does it. */
    private void start(Settings settings) throws IOException {
        TenantPlaces places = TenantPlaces.of(home);
        places.require(settings);
        places.with(settings).write();
    }

    private void assertRefused(Settings settings, String tiers) {
        assertThatThrownBy(() -> start(settings)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(e.context()).containsEntry("Strongroom.Tenants", "north").containsEntry("would go to", tiers);
            assertThat(e.cure()).contains("Strongroom.Tenants.north");
        });
    }

    private void assertPermitted(Settings settings) {
        assertThatCode(() -> TenantPlaces.of(home).require(settings)).doesNotThrowAnyException();
    }

    private static Settings settings(String tenants, String tiers) {
        return Settings.parse("{ \"Strongroom\": { \"Home\": \"/srv/strongroom\", \"RootKey\": { \"KeyFile\": \"/c\" },"
                + " \"Copies\": 1, \"Tenants\": { " + tenants + " }, \"Tiers\": { " + tiers + " } } }");
    }
}
