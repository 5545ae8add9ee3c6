package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.fuzz.Fuzz;

/** Whatever orthanc.json holds is understood or refused with words. */
class SettingsFuzzTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/root", "QUOTE", "\"", "EMPTY", "");

    @TempDir
    Path folder;

    @Test
    void configuration() throws Exception {
        Path file = folder.resolve("orthanc.json");
        Fuzz.of("settings")
                .words(
                        "null",
                        "true",
                        "{}",
                        "[]",
                        "[null]",
                        "\"\"",
                        "\"",
                        "\\u0000",
                        "\\ud800",
                        "0",
                        "-1",
                        "1e999",
                        "1.5",
                        "999999999",
                        "99999999999999999999",
                        "[[[[[[[[",
                        "{\"a\":{\"a\":",
                        ",",
                        "/*",
                        "*/",
                        "//",
                        "${HOME}",
                        "${QUOTE}",
                        "${X:-1}",
                        "${X:-\"a\"}",
                        "${",
                        "\"100 %\"",
                        "\"0 %\"",
                        "\"8 EiB\"",
                        "\"1 B\"",
                        "\"999999999 days\"",
                        "\"0 ms\"",
                        "\"/\"",
                        "\"/\\u0000\"",
                        "\"https://:99999\"",
                        "\"off\"",
                        "\"8 kbit/s\"",
                        "\"24:00\"",
                        "\"Sun-Mon\"",
                        "\"Strongroom\":",
                        "\"Tiers\":",
                        "\"Directory\":",
                        "\"S3\":",
                        "\"Forget\":",
                        "\"Sources\":",
                        "\"10.1.0.0/16\"",
                        "\"::/0\"",
                        "\"A=*\"",
                        "\"Access\":",
                        "\"Roles\":")
                .refuses(FailureKind.REFUSED)
                .drawn("everything", resource("everything"))
                .drawn("places", resource("places"))
                .drawn("variables", resource("variables"))
                .drawn("comments", resource("comments"))
                .drawn("access", resource("access"))
                .drawn("recycling", resource("recycling"))
                .run(input -> {
                    Files.write(file, input);
                    Configuration read = Configuration.load(file, ENVIRONMENT);
                    Configuration again = Configuration.parse(read.settings().toJson());
                    assertThat(again.settings()).isEqualTo(read.settings());
                });
    }

    private static byte[] resource(String name) throws Exception {
        try (var in = SettingsFuzzTest.class.getResourceAsStream("/settings/" + name + "/orthanc.json")) {
            return in.readAllBytes();
        }
    }
}
