package org.strongroom.plugin;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;

class StrongroomTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'Access': {'Users': {'jane': {}}}",
                "'Access': {'UsersFile': '/u'}",
                "'Access': {'Roles': {'reader': {}}}",
                "'Tenants': {'north': {'Sources': {'AETs': ['N']}}}",
            })
    void whoeverBelievesThatTenantsAreKeptApartIsTold(String section) {
        assertThatThrownBy(() -> Strongroom.refuseWhatIsNotInForce(settings(section)))
                .isInstanceOf(StrongroomException.class)
                .hasMessageContaining("not in force");
    }

    @Test
    void whoDoesNotIsNotTroubled() {
        assertThatCode(() -> Strongroom.refuseWhatIsNotInForce(settings("'Tenants': {'clinic': {}}")))
                .doesNotThrowAnyException();
    }

    private static Settings settings(String section) {
        String text = "{'Strongroom': {'Home': '/h', 'RootKey': {'KeyFile': '/c'}, " + section + "}}";
        return Settings.parse(text.replace('\'', '"'));
    }
}
