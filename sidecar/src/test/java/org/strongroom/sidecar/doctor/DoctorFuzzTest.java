package org.strongroom.sidecar.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.fuzz.Fuzz;

/** What an administrator may have written, and what a program may have said. */
class DoctorFuzzTest {
    @TempDir
    Path folder;

    @Test
    void plugins() throws Exception {
        Path library = Files.writeString(folder.resolve("libStrongroom.so"), "no library");
        Fuzz.of("plugins")
                .words("\u0000", "..", "/", "libStrongroom.so", "\n", " ", "*", "\u00e4")
                .drawn("two", ("/usr/share/orthanc/plugins\n" + library.getFileName()).getBytes(StandardCharsets.UTF_8))
                .run(input -> {
                    List<String> plugins =
                            new String(input, StandardCharsets.UTF_8).lines().toList();
                    assertThat(PluginsList.examine(plugins)).isNotNull();
                    assertThat(PluginsList.examine(List.of(folder.toString(), folder + "/" + plugins)))
                            .isNotEmpty();
                });
    }

    @Test
    void version() throws Exception {
        Fuzz.of("orthanc-version")
                .words("99999999999", ".", "Orthanc ", "-")
                .drawn("new", "Orthanc 1.12.7\nCopyright".getBytes(StandardCharsets.UTF_8))
                .drawn("old", "Orthanc 1.10.1\n".getBytes(StandardCharsets.UTF_8))
                .drawn("mainline", "Orthanc mainline (20240101T000000)".getBytes(StandardCharsets.UTF_8))
                .run(input -> assertThat(OrthancVersion.examine(Optional.of(new String(input, StandardCharsets.UTF_8))))
                        .isNotNull());
    }
}
