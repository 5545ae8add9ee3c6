package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;

class RolesTest {
    private static final AccessSettings SETTINGS = Settings.parse(
                    """
                    {"Strongroom": {
                      "Home": "/srv/strongroom", "RootKey": {"KeyFile": "/c"},
                      "Access": {"Roles": {
                        "all": {"Permissions": ["*:*"]},
                        "north-reader": {"Permissions": ["study:view:north"]},
                        "everywhere": {"Permissions": ["study:*:*"]},
                        "own": {"Permissions": ["study:view,tags"], "OwnPatientsOnly": true}
                      }}
                    }}""")
            .access();
    private static final Roles ROLES = Roles.of(SETTINGS);

    @Test
    void theBuiltInRolesAreThoseThatSettingsKnow() {
        assertThat(Roles.of(SETTINGS).names())
                .containsAll(AccessSettings.BUILT_IN_ROLES)
                .hasSize(AccessSettings.BUILT_IN_ROLES.size() + SETTINGS.roles().size());
    }

    @ParameterizedTest
    @CsvSource({
        "radiologist,study:view,north,EVERYTHING",
        "radiologist,study:pixels,north,EVERYTHING",
        "radiologist,study:view,south,NOTHING",
        "radiologist,study:delete,north,NOTHING",
        "technologist,study:delete,north,EVERYTHING",
        "referrer,study:pixels,north,OWN_PATIENTS",
        "referrer,study:modify,north,NOTHING",
        "billing,study:view,north,EVERYTHING",
        "billing,study:pixels,north,NOTHING",
        "billing,study:reports,north,NOTHING",
        "billing,study:download,north,NOTHING",
        "auditor,study:view,north,NOTHING",
        "administrator,study:view,north,NOTHING",
        "all,study:pixels,north,EVERYTHING",
        "all,study:pixels,south,NOTHING",
        "everywhere,study:pixels,south,EVERYTHING",
        "own,study:tags,north,OWN_PATIENTS",
        "unheard-of,study:view,north,NOTHING"
    })
    void reachInTenants(String role, String permission, String tenant, Reach reach) {
        Principal principal = ROLES.principal("jane", List.of("north"), List.of(role), List.of());
        assertThat(principal.reach(permission, tenant)).isEqualTo(reach);
    }

    @ParameterizedTest
    @CsvSource({
        "administrator,system:configure,true",
        "administrator,audit:read,false",
        "auditor,audit:read,true",
        "auditor,system:view,false",
        "radiologist,system:view,false",
        "all,system:configure,true",
        "north-reader,study:view,false"
    })
    void whatIsNoTenants(String role, String permission, boolean permitted) {
        assertThat(ROLES.principal("jane", List.of(), List.of(role), List.of()).may(permission))
                .isEqualTo(permitted);
    }

    @Test
    void aTenantInTheRoleCountsWhoeverTheUserIs() {
        Principal principal = ROLES.principal("jane", List.of("south"), List.of("north-reader"), List.of());
        assertThat(principal.reach("study:view", "north")).isEqualTo(Reach.EVERYTHING);
        assertThat(principal.reach("study:view", "south")).isEqualTo(Reach.NOTHING);
    }

    @Test
    void rolesAreAddedUp() {
        Principal both = ROLES.principal("jane", List.of("north"), List.of("referrer", "billing"), List.of("DOE^J"));
        assertThat(both.reach("study:view", "north")).isEqualTo(Reach.EVERYTHING);
        assertThat(both.reach("study:pixels", "north")).isEqualTo(Reach.OWN_PATIENTS);
        assertThat(both.toString()).doesNotContain("DOE");
    }

    @Test
    void nobodyMayNothing() {
        assertThat(Principal.NOBODY.isNobody()).isTrue();
        assertThat(Principal.NOBODY.may("system:view")).isFalse();
        assertThat(Principal.NOBODY.reach("study:view", "north")).isEqualTo(Reach.NOTHING);
    }
}
