package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;

/** Tenants that were taken out of the settings long before the machine was lost: their studies go nowhere else by that. */
class FormerTenantsTest {
    private static final String NEAR = "\"near\": {\"Directory\": \"/mnt/near\", \"Jurisdiction\": \"EU\"}";
    private static final String FAR = "\"far\": {\"Directory\": \"/mnt/far\", \"Jurisdiction\": \"US\"}";

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private Home home;

    @BeforeEach
    void recover() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Files.writeString(home.recoveredSettings(), settings(NEAR + "," + FAR).toJson());
    }

    private static Settings settings(String tiers) {
        return Settings.parse("{\"Strongroom\": {\"Home\": \"/srv/strongroom\", \"RootKey\": {\"KeyFile\": \"/c\"},"
                + " \"Copies\": 1, \"Tiers\": {" + tiers + "}}}");
    }

    private void remember(String places, String tiers) throws IOException {
        Path copy = Files.writeString(folder.resolve("copy"), places);
        Settings now = settings(tiers);
        FormerTenants.remember(home, TenantPlaces.lost(home, copy), now, told::add);
    }

    private void permitted(String tiers) throws IOException {
        TenantPlaces.of(home).require(settings(tiers));
    }

    private void refused(String tiers, String outside) {
        assertThatThrownBy(() -> permitted(tiers)).hasMessageContaining(outside);
    }

    @Test
    void theirTiersHaveTheNamesOfNow() throws IOException {
        String moved = NEAR.replace("\"near\"", "\"recovered\"");
        remember("{\"south\": {\"Tiers\": [\"near\"]}, \"west\": {\"Jurisdictions\": [\"EU\"]}}", moved);
        assertThat(told).isEmpty();
        permitted(moved);
        refused(moved + "," + FAR.replace("US", "EU"), "south");
        refused(moved + "," + FAR, "far");

        // A later call of the same recovery changes nothing, whatever its configuration says.
        remember("{\"south\": {\"Tiers\": [\"near\"]}}", FAR);
        assertThat(told).isEmpty();
        permitted(moved);
    }

    /** A recovery knows the tier that it reads; the others are added to the configuration afterwards. */
    @Test
    void aTierThatIsAddedAgainIsPermittedAsItWas() throws IOException {
        remember("{\"south\": {\"Tiers\": [\"near\", \"far\"]}}", FAR);
        assertThat(told).singleElement().asString().contains("near");
        permitted(FAR);
        permitted(NEAR + "," + FAR);
        refused(FAR + "," + FAR.replace("far", "third"), "third");
    }

    /** One that took another one's name is not the one that the tenant allowed. */
    @Test
    void anotherTierOfTheSameNameIsNotTakenForIt() throws IOException {
        remember("{\"south\": {\"Tiers\": [\"near\"]}}", FAR.replace("\"far\"", "\"near\""));
        assertThat(told).singleElement().asString().contains("south", "near", "every tier");
    }

    @Test
    void aTierThatIsNotThereIsToldAndHoldsUpNothing() throws IOException {
        remember("{\"south\": {\"Tiers\": [\"near\"]}}", FAR);
        assertThat(told).singleElement().asString().contains("south", "near", "every tier");
        permitted(FAR);
    }

    @Test
    void aNameThatTheOnlyTenantHadIsNoFormerTenant() throws IOException {
        remember("{\"clinic\": {\"Tiers\": [\"near\", \"far\"], \"OnlyTenants\": true}}", FAR);
        assertThat(told).isEmpty();
        permitted(FAR);
        permitted(FAR + "," + FAR.replace("far", "third"));
    }
}
