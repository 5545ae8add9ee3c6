package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.Settings;

/** Of a configuration that keeps two tenants apart, each change that would not. */
class KeptApartTest {
    private static final String CLOSED =
            "'AllowFind': true, 'AllowFindWorklist': false, 'AllowMove': true, 'AllowGet': false";
    private static final String APART =
            """
            {'RemoteAccessAllowed': true, 'AuthenticationEnabled': false, 'DicomAlwaysAllowStore': false,
             'DicomCheckModalityHost': true, 'DicomModalities': {'ct': {'AET': 'CT', 'Host': '10.0.0.1', 'Port': 104, %s}},
             'Strongroom': {'Home': '/h', 'RootKey': {'KeyFile': '/c'},
               'Tenants': {'north': {'Sources': {'AETs': ['N']}}, 'south': {'Sources': {'AETs': ['S']}}}}}"""
                    .formatted(CLOSED);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'DicomTlsEnabled': true,",
                "'DicomTlsEnabled': true, 'DicomTlsRemoteCertificateRequired': true,",
                "'DicomTlsRemoteCertificateRequired': false,",
                "'DicomServerEnabled': false, 'DicomAlwaysAllowFind': true,",
                "'LimitFindResults': 0, 'LimitFindInstances': 0,",
                "'MultitenantDicom': {'Servers': []},",
            })
    void whatKeepsThemApartStarts(String more) {
        assertThatCode(() -> require(with(more))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'AuthenticationEnabled': true,; AuthenticationEnabled",
                "'OverwriteInstances': true,; OverwriteInstances",
                "'DicomAlwaysAllowFind': true,; DicomAlwaysAllowFind",
                "'DicomAlwaysAllowFindWorklist': true,; DicomAlwaysAllowFindWorklist",
                "'DicomAlwaysAllowMove': true,; DicomAlwaysAllowMove",
                "'DicomAlwaysAllowGet': true,; DicomAlwaysAllowGet",
                "'DicomAlwaysAllowStore': true,; DicomAlwaysAllowStore",
                "'DicomCheckModalityHost': false,; DicomCheckModalityHost",
                "'DicomTlsEnabled': true, 'DicomCheckModalityHost': false,; DicomCheckModalityHost",
                "'DicomTlsEnabled': true, 'DicomAlwaysAllowStore': true,; DicomAlwaysAllowStore",
                "'DicomTlsEnabled': true, 'DicomTlsRemoteCertificateRequired': false,;"
                        + " DicomTlsRemoteCertificateRequired",
                "'DicomModalitiesInDatabase': true,; DicomModalitiesInDatabase",
                "'DicomServerEnabled': false, 'OrthancPeersInDatabase': true,; OrthancPeersInDatabase",
                "'LimitFindResults': 100,; LimitFindResults",
                "'DicomServerEnabled': false, 'MultitenantDicom': {'Servers': [{'AET': 'X', 'Port': 1}]},;"
                        + " MultitenantDicom.Servers",
                "'DicomServerEnabled': false, 'LimitFindInstances': 100,; LimitFindInstances",
                "'DicomModalities': {'ws': {'AET': 'A', 'Host': 'h', 'Port': 1}},;"
                        + " DicomModalities.ws.AllowFindWorklist",
                "'DicomModalities': {'ws': ['A', 'h', 1]},; DicomModalities.ws.AllowFindWorklist",
            })
    void aWayAroundIsRefused(String change, String setting) {
        assertRefused(with(change), setting);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AllowFindWorklist", "AllowGet"})
    void aModalityMayAskForNothing(String may) {
        assertRefused(APART.replace("'" + may + "': false", "'" + may + "': true"), "DicomModalities.ct." + may);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CT", "ct "})
    void aTitleThatTwoModalitiesHaveIsRefused(String title) {
        String second = "'other': {'AET': '" + title + "', 'Host': '10.0.0.2', 'Port': 104, " + CLOSED + "}";
        assertRefused(
                APART.replace("'DicomModalities': {", "'DicomModalities': {" + second + ", "),
                "DicomModalities.ct.AET");
        assertThatCode(() -> require(APART.replace(
                        "'DicomModalities': {", "'DicomModalities': {" + second.replace(title, "MR") + ", ")))
                .doesNotThrowAnyException();
    }

    /** Whoever knows a StudyInstanceUID would only have to send an image to own what was there before. */
    @Test
    void imagesInClearAreRefusedWhereThereAreSeveral(@TempDir Path folder) throws Exception {
        Settings several = Configuration.parse(APART.replace('\'', '"')).settings();
        Settings one = Settings.parse("{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/c\"}}}");
        Files.writeString(folder.resolve("index"), "Orthanc's own");
        AccessControl.requireNothingClear(several, folder);
        AccessControl.requireNothingClear(several, folder.resolve("not-there"));
        Path shard = Files.createDirectories(folder.resolve("0a/b1"));
        Files.writeString(shard.resolve("0ab1aaaa-1111-2222-3333-444444444444"), "DICM");
        AccessControl.requireNothingClear(one, folder);
        assertThatThrownBy(() -> AccessControl.requireNothingClear(several, folder))
                .isInstanceOfSatisfying(StrongroomException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                    assertThat(e).hasMessageContaining("in clear");
                });
    }

    @Test
    void whatDoesNotDecideYetIsNotBelievedTo() {
        assertRefused(
                APART.replace("'AETs': ['N']", "'AETs': ['N'], 'CalledAETs': ['NORTH']"),
                "Strongroom.Tenants.north.Sources.CalledAETs");
        assertThatCode(() -> require(APART.replace(
                        "'AETs': ['N']", "'Addresses': ['10.1.0.0/16'], 'Tags': ['InstitutionName=North']")))
                .doesNotThrowAnyException();
    }

    @Test
    void aStationInAUsersNameIsNotBelievedTo() {
        String jane = "'Access': {'Users': {'jane': {'AETs': ['JANE_WS']}}}";
        assertRefused(
                "{'Strongroom': {'Home': '/h', 'RootKey': {'KeyFile': '/c'}, " + jane + "}}",
                "Strongroom.Access.Users.jane.AETs");
    }

    /** One clinic may do by DICOM what it always did; but its users have passwords of Strongroom's. */
    @ParameterizedTest
    @CsvSource({"true, AuthenticationEnabled", "false, ''"})
    void oneTenantWithUsersHasNobodyToBeKeptFrom(boolean authenticates, String setting) {
        String one = "{'AuthenticationEnabled': " + authenticates + ", 'DicomAlwaysAllowGet': true, 'Strongroom':"
                + " {'Home': '/h', 'RootKey': {'KeyFile': '/c'},"
                + " 'Access': {'Users': {'jane': {'Tenants':"
                + " ['clinic']}}}}}";
        if (setting.isEmpty()) {
            assertThatCode(() -> require(one)).doesNotThrowAnyException();
        } else {
            assertRefused(one, setting);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AllowGet, true, DicomModalities.ct.AllowGet",
        "OverwriteInstances, true, OverwriteInstances",
        "DicomAlwaysAllowGet, true, DicomAlwaysAllowGet",
        "MultitenantDicom, {\"Servers\": [1]}, MultitenantDicom.Servers",
        "DicomAlwaysAllowFind, true, ''"
    })
    void whatOthersLeftIsNotGivenByWhatOrthancAnswersAlone(String name, String value, String setting) {
        String changed = name.equals("AllowGet")
                ? APART.replace("'AllowGet': false", "'AllowGet': true")
                : with("'" + name + "': " + value + ",");
        Configuration configuration = Configuration.parse(changed.replace('\'', '"'));
        if (setting.isEmpty()) {
            assertThatCode(() -> KeptApart.requireOthersKept(configuration)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> KeptApart.requireOthersKept(configuration)).hasMessageContaining(setting);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'clinic': {}", "'north': {'Jurisdictions': ['EU']}"})
    void whoHasNoUsersIsNotTroubled(String tenants) {
        String section = tenants.startsWith("'clinic'") ? tenants : "'clinic': {'Jurisdictions': ['EU']}";
        assertThatCode(() -> require("{'AuthenticationEnabled': true, 'OverwriteInstances': true, 'Strongroom': {"
                        + "'Home': '/h', 'RootKey': {'KeyFile': '/c'}, 'Tenants': {" + section + "}}}"))
                .doesNotThrowAnyException();
    }

    /** The same with some of Orthanc's settings changed. */
    private static String with(String change) {
        String rest = APART.substring(1);
        for (String setting : change.replaceAll("\\{[^}]*\\}|\\[[^]]*\\]", "").split(",", -1)) {
            String name = setting.split(":", -1)[0].strip();
            if (!name.isEmpty()) {
                rest = rest.replaceFirst(name + ": (true|false|\\{[^}]*\\}\\}),", "");
            }
        }
        return "{" + change + rest;
    }

    private static void assertRefused(String json, String setting) {
        assertThatThrownBy(() -> require(json)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(e).hasMessageContaining(setting);
        });
    }

    private static void require(String text) {
        String json = text.replace('\'', '"');
        AccessControl.requireApart(Configuration.parse(json));
    }
}
