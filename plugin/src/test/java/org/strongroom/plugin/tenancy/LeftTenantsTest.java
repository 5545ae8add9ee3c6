package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.storage.StorageFixture;

class LeftTenantsTest {
    private static final String NORTH = "\"north\": {\"Sources\": {\"AETs\": [\"N\"]}}";

    @TempDir
    Path folder;

    private static Settings settings(String tenants) {
        return Configuration.parse("{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/c\"},"
                        + " \"Tiers\": {\"far\": {\"Directory\": \"/t\"}}, \"Tenants\": {"
                        + tenants + "}}}")
                .settings();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void whatATenantLeftIsNotGivenToTheStationsOfTheLastOne() throws Exception {
        Set<String> tenants = Set.of("north", "south", "quarantine");
        try (StorageFixture open = new StorageFixture(folder, tenants, fixture -> Optional.empty())) {
            open.keyring.studyKey("north", bytes("P"), bytes("1.1"));
            open.keyring.studyKey("clinic", bytes("P"), bytes("1.2"));
            LeftTenants.require(settings(NORTH), open.keyring);
            UUID souths =
                    open.keyring.studyKey("south", bytes("P"), bytes("1.3")).id();
            assertThatThrownBy(() -> LeftTenants.require(settings(NORTH), open.keyring))
                    .hasMessageContaining("Strongroom.Tenants=south")
                    .hasMessageContaining("Write Strongroom.Tenants.south again");
            assertThatCode(() -> LeftTenants.require(settings(NORTH + ", \"south\": {\"Copies\": 1}"), open.keyring))
                    .doesNotThrowAnyException();
            open.keyring.owners().give(souths, open.keyring.tenantNamed("north").orElseThrow());
            LeftTenants.require(settings(NORTH), open.keyring);
        }
    }
}
