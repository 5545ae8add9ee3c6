package org.strongroom.sidecar.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The examples of Microsoft's "Authorize with Shared Key". That a service accepts what we sign is shown on Azurite. */
final class AzureSignatureTest {
    @Test
    void aBlobThatIsPut() {
        Map<String, String> headers = new TreeMap<>(Map.of(
                "content-type", "text/plain; charset=UTF-8",
                "x-ms-date", "Sun, 20 Sep 2009 20:36:40 GMT",
                "x-ms-meta-m1", "v1",
                "x-ms-meta-m2", "v2",
                "x-ms-version", "2009-09-19"));
        assertThat(AzureSignature.text("PUT", headers, 11, "/testaccount1/mycontainer/hello.txt", Map.of()))
                .isEqualTo(String.join(
                        "\n",
                        List.of(
                                "PUT",
                                "",
                                "",
                                "11",
                                "",
                                "text/plain; charset=UTF-8",
                                "",
                                "",
                                "",
                                "",
                                "",
                                "",
                                "x-ms-date:Sun, 20 Sep 2009 20:36:40 GMT",
                                "x-ms-meta-m1:v1",
                                "x-ms-meta-m2:v2",
                                "x-ms-version:2009-09-19",
                                "/testaccount1/mycontainer/hello.txt")));
    }

    @Test
    void aListOfAContainer() {
        Map<String, String> headers =
                new TreeMap<>(Map.of("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT", "x-ms-version", "2015-02-21"));
        Map<String, String> query = new TreeMap<>(Map.of("restype", "container", "comp", "metadata", "timeout", "20"));
        assertThat(AzureSignature.text("GET", headers, 0, "/myaccount/mycontainer", query))
                .isEqualTo("GET" + "\n".repeat(12)
                        + String.join(
                                "\n",
                                List.of(
                                        "x-ms-date:Fri, 26 Jun 2015 23:39:12 GMT",
                                        "x-ms-version:2015-02-21",
                                        "/myaccount/mycontainer",
                                        "comp:metadata",
                                        "restype:container",
                                        "timeout:20")));
    }
}
