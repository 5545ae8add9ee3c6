package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.TenantIds;

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
    void whatTheOnlyTenantWasCalledBeforeIsWhereItIs() throws IOException {
        Set<String> names = Set.of("north", "praxis");
        Settings praxis = settings("\"praxis\": { \"Sources\": { \"AETs\": [\"P\"] }, \"Tiers\": [\"near\"] }", ABROAD);
        start(settings("\"north\": { \"Tiers\": [\"abroad\"] }", ABROAD));
        assertRefused(praxis, "near");
        String same = "start Orthanc with these settings first; do not write the former name as well";
        assertThatThrownBy(() -> start(praxis)).hasMessageContaining(same);
        assertThatThrownBy(() -> start(settings("", "\"other\": { \"Directory\": \"/mnt/other\" }")))
                .hasMessageNotContaining(same);
        TenantPlaces.of(home).with(praxis).withOne(praxis, names).write(); // the plugin has looked: it is the same one
        start(praxis);
        assertThatThrownBy(() -> start(settings("", ABROAD)))
                .hasMessageContaining("praxis")
                .hasMessageNotContaining("north");
        start(settings("", NEAR));
        start(praxis);
        String several = SOUTH + ", \"praxis\": { \"Sources\": { \"AETs\": [\"P\"] }, \"Tiers\": [\"near\"] }";
        assertRefused(settings(several, ABROAD), "abroad");
        start(settings(several, NEAR));
        assertRefused(praxis, "abroad"); // for there were several

        Settings anywhere = settings("\"praxis\": { \"Sources\": { \"AETs\": [\"P\"] } }", ABROAD);
        TenantPlaces.of(home).with(anywhere).withOne(anywhere, names).write();
        start(settings(SOUTH, ABROAD));
    }

    /** A recovery without an Orthanc has keys and places, and no journal was read by who would know. */
    @Test
    void whatWasSealedUnderAFormerNameGoesNowhereUntilSomebodyHasToldWhoseItIs() throws IOException {
        Settings praxis = settings("\"praxis\": { \"Sources\": { \"AETs\": [\"P\"] }, \"Tiers\": [\"near\"] }", ABROAD);
        UUID former = UUID.randomUUID();
        UUID present = UUID.randomUUID();
        TenantPlaces.of(home).withOne(praxis, Set.of("north", "praxis")).write();
        new TenantIds(Map.of(former, "north", present, "praxis")).write(home.tenantIds());
        assertThatThrownBy(() -> TenantPlaces.ids(home, praxis))
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e.context()).containsEntry("tenant", "north");
                    assertThat(e.cure()).startsWith("Start Orthanc with the plugin once");
                });
        assertThat(TenantPlaces.ids(home, settings("\"praxis\": { \"Jurisdictions\": [\"EU\"] }", ABROAD)))
                .as("everything goes where everybody's does")
                .isEmpty();
        new TenantIds(Map.of(former, "praxis", present, "praxis")).write(home.tenantIds());
        assertThat(TenantPlaces.ids(home, praxis)).containsOnlyKeys(former, present);
        Settings several =
                settings("\"north\": { \"Tiers\": [\"near\"], \"Sources\": { \"AETs\": [\"N\"] } }, " + SOUTH, ABROAD);
        new TenantIds(Map.of(former, "north", present, "praxis")).write(home.tenantIds());
        assertThat(TenantPlaces.ids(home, several)).containsOnlyKeys(former);
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

    /** A recovery hands its own settings over before it has read the snapshot, and an earlier call may have done so. */
    @Test
    void whatALostMachineRememberedHoldsForTenantsThatNothingIsRememberedOfHere() throws IOException {
        Path copy = folder.resolve("copy");
        Files.writeString(
                copy,
                "{ \"north\": { \"Jurisdictions\": [\"EU\"] }, \"west\": { \"Tiers\": [\"near\", \"gone\"] }, \"east\": { \"Tiers\":"
                        + " [\"gone\"] } }");
        Files.writeString(
                home.settings(), settings(IN_EU.replace("EU", "US"), ABROAD).toJson());
        TenantPlaces here = TenantPlaces.of(home);
        List<String> asked = new ArrayList<>();
        here.withLost(TenantPlaces.lost(home, copy), (tenant, tiers) -> {
                    asked.add(tenant + tiers);
                    return tiers.contains("near") ? List.of("recovered") : List.of();
                })
                .write();
        assertThat(asked).containsExactlyInAnyOrder("west[near, gone]", "east[gone]");
        assertThat(Files.readString(home.tenantPlaces()).replaceAll("\\s", ""))
                .isEqualTo("{\"north\":{\"Jurisdictions\":[\"US\"]},\"west\":{\"Tiers\":[\"recovered\"]}}");
    }

    @Test
    void whereNoCopyIsThereTheSettingsOfTheLostMachineTell() throws IOException {
        Path copy = folder.resolve("copy");
        assertThat(TenantPlaces.lost(home, copy).haveJurisdictions()).isFalse();
        Files.writeString(home.recoveredSettings(), settings(IN_EU, NEAR).toJson());
        assertThat(TenantPlaces.of(home).haveJurisdictions()).isFalse();
        TenantPlaces.of(home)
                .withLost(TenantPlaces.lost(home, copy), (tenant, tiers) -> tiers)
                .write();
        assertThat(TenantPlaces.of(home).haveJurisdictions()).isTrue();
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
