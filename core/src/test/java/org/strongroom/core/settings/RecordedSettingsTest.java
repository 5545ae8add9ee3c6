package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedSettingsTest {
    @TempDir
    Path folder;

    @Test
    void whoMayAskAndWhereImagesGoIsRecordedAndNoPassword() throws Exception {
        Path users = Files.writeString(folder.resolve("users.json"), "{\"jim\": {\"Roles\": [\"administrator\"]}}");
        String json =
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"},
                    "Access": {"Users": {"jane": {"Roles": ["auditor"]}}, "UsersFile": "%s"}},
                 "DicomAlwaysAllowGet": true, "AuthenticationEnabled": true,
                 "RegisteredUsers": {"old": "SECRET1"},
                 "DicomModalities": {"ct": ["CT", "10.0.0.1", 104]},
                 "OrthancPeers": {"far": ["https://me:SECRET2?SECRET9@SECRET7@far/", "me", "SECRET3"],
                    "near": {"Url": "http://near/", "Password": "SECRET4"}},
                 "DicomWeb": {"Servers": {"cloud": {"Url": "https://cloud/?token=SECRET8", "Password": "SECRET5"}}},
                 "MultitenantDicom": {"Servers": [{"AET": "ALL"}]},
                 "LuaScripts": ["/etc/send.lua"], "AnotherPlugin": {"Token": "SECRET6"}}"""
                        .formatted(users);
        String recorded = RecordedSettings.of(Configuration.parse(json), json);
        assertThat(recorded).doesNotContain("SECRET");
        JsonNode root = new ObjectMapper().readTree(recorded);
        assertThat(root.at("/Strongroom/Access/Users/jane/Roles/0").asText()).isEqualTo("auditor");
        assertThat(root.at("/UsersFile/Users/jim/Roles/0").asText()).isEqualTo("administrator");
        assertThat(root.at("/UsersFile/Users").has("jane")).isFalse();
        JsonNode orthanc = root.path("Orthanc");
        assertThat(orthanc.path("DicomAlwaysAllowGet").asBoolean()).isTrue();
        assertThat(orthanc.path("DicomAlwaysAllowStore").asBoolean())
                .as("its default")
                .isTrue();
        assertThat(orthanc.path("RegisteredUsers").has("old")).isTrue();
        assertThat(orthanc.at("/DicomModalities/ct/1").asText()).isEqualTo("10.0.0.1");
        assertThat(orthanc.at("/OrthancPeers/far").asText()).isEqualTo("https://far/");
        assertThat(orthanc.at("/OrthancPeers/near").asText()).isEqualTo("http://near/");
        assertThat(orthanc.at("/DicomWebServers/cloud").asText()).isEqualTo("https://cloud/");
        assertThat(orthanc.at("/LuaScripts/0").asText()).isEqualTo("/etc/send.lua");
        assertThat(orthanc.at("/MultitenantDicom/Servers/0/AET").asText()).isEqualTo("ALL");
    }

    /** What says nothing about who may do what may be a secret of another plugin's. */
    @Test
    void whatIsNotOrthancsIsLeftOut() {
        String json = "{\"Strongroom\": {\"Home\": \"/h\", \"RootKey\": {\"KeyFile\": \"/c\"}}, \"X\": 1}";
        assertThat(RecordedSettings.of(Configuration.parse(json), json))
                .contains("\"IsRead\" : false")
                .doesNotContain("\"X\"");
    }
}
