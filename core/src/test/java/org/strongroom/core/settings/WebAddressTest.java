package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://pacs.clinic.example,           https://pacs.clinic.example,      pacs.clinic.example, true",
        "https://PACS.Clinic.example:443/,      https://pacs.clinic.example,      pacs.clinic.example, true",
        "https://pacs.clinic.example:8443/pacs, https://pacs.clinic.example:8443, pacs.clinic.example, true",
        "http://localhost:8042,                 http://localhost:8042,            localhost,           true",
        "http://localhost:80,                   http://localhost,                 localhost,           true",
        "http://127.0.0.1:8042,                 http://127.0.0.1:8042,            127.0.0.1,           false",
        "https://192.0.2.7:8443,                https://192.0.2.7:8443,           192.0.2.7,           false",
        "https://[2001:db8::7],                 https://[2001:db8::7],            [2001:db8::7],       false",
    })
    void anOriginIsWrittenAsBrowsersWriteIt(String text, String origin, String host, boolean name) {
        WebAddress address = WebAddress.parse(text);
        assertThat(address.origin()).isEqualTo(origin);
        assertThat(address.host()).isEqualTo(host);
        assertThat(address.isName()).isEqualTo(name);
        assertThat(address).hasToString(text);
    }

    @Test
    void whatIsBelowHasOneSlashBetween() {
        for (String text : List.of("https://pacs.clinic.example/a", "https://pacs.clinic.example/a/")) {
            assertThat(WebAddress.parse(text).below("b/c")).hasToString("https://pacs.clinic.example/a/b/c");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pacs.clinic.example",
                "ftp://pacs.clinic.example",
                "https://",
                "https:///orthanc",
                "https://pacs clinic",
                "https://pacs.clinic.example/?a=b",
                "https://pacs.clinic.example/#a",
            })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> WebAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoListensMustNotLearnAnything() {
        assertThatThrownBy(() -> WebAddress.parse("http://pacs.clinic.example")).hasMessageContaining("https://");
        assertThatThrownBy(() -> WebAddress.parse("https://jane:secret@pacs.clinic.example"))
                .hasMessageContaining("no name or secret")
                .hasMessageNotContaining("jane");
    }
}
