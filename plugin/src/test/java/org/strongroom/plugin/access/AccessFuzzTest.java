package org.strongroom.plugin.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.strongroom.core.fuzz.Fuzz;
import org.strongroom.plugin.bridge.HttpMethod;

/** However a URI is written that has something of south in it, north gets nothing of it. */
class AccessFuzzTest {
    private final TwoTenants clinic = new TwoTenants();
    private final Principal radiologist = TwoTenants.north("radiologist");

    @Test
    void uris() throws Exception {
        Fuzz.of("uri")
                .words(
                        "/", "//", "/./", "/../", "/..", "%2e", "%2f", "%00", "%5c", "\\", ";", "?", "&", "=", "#", " ",
                        "\t")
                .words(
                        "?_method=DELETE",
                        "?expand",
                        "?requestedTags=PatientName",
                        "&objectUID=1.2.3.4.5",
                        "{",
                        "}",
                        "**")
                .words("/studies", "/wado", "/dicom-web", "/instances", "STUDIES", "\u00fc", "\uff0e", "1", "2", "-")
                .words("10000000-00000000-00000000-00000000-00000002", "20000000-00000000-00000000-00000000-00000002")
                .drawn("file", bytes("/instances/20000000-00000000-00000000-00000000-00000004/file"))
                .drawn("study", bytes("/studies/20000000-00000000-00000000-00000000-00000002?expand"))
                .drawn("own", bytes("/studies/10000000-00000000-00000000-00000000-00000002/series"))
                .drawn("wado-rs", bytes("/dicom-web/studies/1.2.3/series/1.2.3.4/instances/2.2.3.4.5/frames/1"))
                .drawn("wado-uri", bytes("/wado?studyUID=1.2.3&seriesUID=1.2.3.4&objectUID=2.2.3.4.5"))
                .drawn("viewer", bytes("/web-viewer/instances/high-20000000-00000000-00000000-00000000-00000004_0"))
                .run(input -> {
                    String uri = new String(input, StandardCharsets.UTF_8);
                    for (HttpMethod method : HttpMethod.values()) {
                        Decision decision = clinic.decide(radiologist, method, uri);
                        if (decision instanceof Decision.Allow allowed) {
                            assertThat(uri).matches("/[\\x21-\\x7e]*");
                            assertThat(namesSouth(uri, allowed.route())).as(uri).isFalse();
                        }
                    }
                });
    }

    /** Read as loosely as anybody could: any identifier of south, wherever it stands where an identifier is asked for. */
    private static boolean namesSouth(String uri, Route route) {
        String path = uri.split("\\?", 2)[0];
        boolean inPath = path.matches(".*[/-]2(0{7}(-[0-9a-f]{8}){4}|[0-9.]*\\.[0-9.]*)([/_].*)?")
                && !route.path().contains("{name}")
                && !route.path().contains("**");
        boolean inArguments = route.path().startsWith("/wado")
                && uri.toLowerCase(Locale.ROOT).matches(".*[?&](study|series|object)uid=2.*");
        return inPath || inArguments;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
