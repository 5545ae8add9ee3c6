package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** Leaving: everything that was not deleted, as plain files that any DICOM program reads. */
class ExportIT {
    private static Command.Result export(Clinic clinic, Path to, Object... more) {
        return clinic.cli(Stream.concat(Stream.of("export", "--json", "--to", to), Stream.of(more))
                .toArray());
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }

    private static List<byte[]> images(Path folder) throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (Path file : ClearText.files(folder.resolve("DICOM"))) {
            images.add(Files.readAllBytes(file));
        }
        return images;
    }

    @Test
    void everyImageComesOutAsItWentInAndNothingThatWasDeleted() throws IOException {
        List<byte[]> images = new ArrayList<>(Samples.everyKind().values());
        try (Clinic clinic = new Clinic(Debian.BOOKWORM)) {
            OrthancProcess orthanc = clinic.start();
            Rest rest = orthanc.rest();
            Map<String, List<byte[]>> studies = new HashMap<>(); // by StudyInstanceUID
            images.forEach(image -> upload(rest, image, studies));
            byte[] other = Samples.otherPatient();
            images.add(other);
            rest.upload(other);
            String deleted = orthanc.rest().upload(Samples.otherStudy());
            clinic.makeCold();
            orthanc.rest().delete("/instances/" + deleted);
            byte[] fresh = Samples.oneSliceSeries(1).get(0);
            images.add(fresh);
            upload(rest, fresh, studies);
            orthanc.stop();
            clinic.endSidecars();

            Path all = clinic.scratch().path().resolve("all");
            JsonNode told = told(export(clinic, all, "--all"));
            assertThat(told.path("whole").asBoolean()).isTrue();
            assertThat(told.path("images").asInt()).isEqualTo(images.size());
            assertThat(images(all)).containsExactlyInAnyOrderElementsOf(images);
            Command.of("/bin/sh", "-c", "cd " + all + " && sha256sum --quiet --strict --check SHA256SUMS")
                    .run()
                    .orFail();
            String listed = Command.of("/usr/bin/dcmdump", "--search", "0004,1500", all.resolve("DICOMDIR"))
                    .run()
                    .orFail()
                    .output();
            // dcmmkdir has no place for some kinds; how many, the command tells.
            assertThat(told.path("listed").asInt()).isBetween(images.size() - 4, images.size());
            assertThat(listed.lines().filter(line -> line.contains("DICOM\\PA")))
                    .as(listed)
                    .hasSize(told.path("listed").asInt());

            interrupted(clinic, all, images);
            zipped(clinic, images);
            Path one = clinic.scratch().path().resolve("one");
            assertThat(told(clinic.process("export", "--json", "--to", one, "--patient", "PID-18051123"))
                            .path("images")
                            .asInt())
                    .isEqualTo(1);
            assertThat(images(one)).containsExactly(other);
            oneStudy(clinic, studies);
            refused(clinic, all);
            lost(clinic);
        }
    }

    private static void upload(Rest rest, byte[] image, Map<String, List<byte[]>> studies) {
        String study = rest.json("/instances/" + rest.upload(image) + "/study")
                .at("/MainDicomTags/StudyInstanceUID")
                .asText();
        studies.computeIfAbsent(study, uid -> new ArrayList<>()).add(image);
    }

    /** The study with the most images, and nothing else of the same patient. */
    private static void oneStudy(Clinic clinic, Map<String, List<byte[]>> studies) throws IOException {
        Map.Entry<String, List<byte[]>> largest = studies.entrySet().stream()
                .max(Comparator.comparingInt(study -> study.getValue().size()))
                .orElseThrow();
        Path to = clinic.scratch().path().resolve("study");
        assertThat(told(export(clinic, to, "--study", largest.getKey()))
                        .path("whole")
                        .asBoolean())
                .isTrue();
        assertThat(images(to)).containsExactlyInAnyOrderElementsOf(largest.getValue());
    }

    /** What is neither here nor in a tier is missed by every command that looks at everything. */
    private static void lost(Clinic clinic) throws IOException {
        for (Path file : ClearText.files(clinic.home().resolve("spool"))) {
            Files.delete(file);
        }
        Command.Result some = export(clinic, clinic.scratch().path().resolve("some"), "--all");
        assertThat(some.status()).isEqualTo(1);
        assertThat(some.output())
                .contains("\"whole\":false")
                .containsAnyOf(
                        "neither here nor in a tier",
                        "no tier has it yet, and it is not here"); // if it was time to pack it meanwhile
        Command.Result plan = clinic.cli("retention", "plan", "--json");
        assertThat(plan.status()).isEqualTo(1);
        assertThat(plan.output()).contains("\"whole\":false").contains("\"unread\"");
    }

    /** A file that was cut off, and of which the manifest knows nothing yet: all but that is left as it is. */
    private static void interrupted(Clinic clinic, Path all, List<byte[]> images) throws IOException {
        Path manifest = all.resolve("manifest.jsonl");
        List<String> lines = Files.readAllLines(manifest);
        String last = lines.get(lines.size() - 1);
        Files.delete(all.resolve(
                Rest.parse(last.getBytes(StandardCharsets.UTF_8)).path("file").asText()));
        String cut = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n" + last.substring(0, 20);
        Files.writeString(manifest, cut, StandardOpenOption.TRUNCATE_EXISTING);
        JsonNode again = told(export(clinic, all, "--all"));
        assertThat(again.path("written").asInt()).isEqualTo(1);
        assertThat(images(all)).containsExactlyInAnyOrderElementsOf(images);
    }

    /** A program that has nothing of Strongroom reads the ZIPs: as one file, and as several that are no larger than asked for. */
    private static void zipped(Clinic clinic, List<byte[]> images) throws IOException {
        long largest = images.stream().mapToLong(image -> image.length).max().orElseThrow() + 100_000;
        for (Object[] size : new Object[][] {{"--zip"}, {"--zip-size", largest + " B"}}) {
            Path to = clinic.scratch().path().resolve("zipped" + size.length);
            List<Object> options = new ArrayList<>(List.of("--all", "--tenant", "clinic"));
            options.addAll(List.of(size));
            JsonNode told = told(export(clinic, to, options.toArray()));
            assertThat(told.path("whole").asBoolean()).isTrue();
            assertThat(told.path("images").asInt()).isEqualTo(images.size());
            assertThat(told.path("zips")).hasSizeBetween(size.length, size.length == 1 ? 1 : images.size());
            List<byte[]> found = new ArrayList<>();
            for (JsonNode name : told.path("zips")) {
                Path zip = to.resolve(name.asText());
                assertThat(Files.size(zip)).isLessThanOrEqualTo(size.length == 1 ? Long.MAX_VALUE : largest);
                Path opened = clinic.scratch().folder("opened-" + size.length + "-" + name.asText());
                Command.of("/usr/bin/python3", "-m", "zipfile", "-e", zip, opened)
                        .run()
                        .orFail();
                Command.of("/bin/sh", "-c", "cd " + opened + " && sha256sum --quiet --strict --check SHA256SUMS")
                        .run()
                        .orFail();
                assertThat(opened.resolve("DICOMDIR")).exists();
                assertThat(opened.resolve("manifest.jsonl")).content().contains("\"tenant\":\"clinic\"");
                found.addAll(images(opened));
            }
            assertThat(found).containsExactlyInAnyOrderElementsOf(images);
            Command.of("/bin/sh", "-c", "cd " + to + " && sha256sum --quiet --strict --check SHA256SUMS")
                    .run()
                    .orFail();
            assertThat(told(export(clinic, to, options.toArray()))
                            .path("written")
                            .asInt())
                    .as("again")
                    .isZero();
        }
    }

    private static void refused(Clinic clinic, Path all) throws IOException {
        assertThat(export(clinic, all, "--patient", "PID-18051123").output()).contains("another export");
        Path foreign = clinic.scratch().folder("foreign");
        Scratch.own(Files.writeString(foreign.resolve("thesis.txt"), "all of it"));
        assertThat(export(clinic, foreign, "--all").output()).contains("not empty");
        assertThat(foreign.resolve("thesis.txt")).hasContent("all of it");
        assertThat(export(clinic, clinic.scratch().path().resolve("none"), "--study", "1.2.3")
                        .output())
                .contains("nothing of this was ever sealed here");

        Path file = ClearText.files(all.resolve("DICOM")).get(0);
        byte[] changed = Files.readAllBytes(file);
        changed[changed.length - 1] ^= 1;
        Files.write(file, changed);
        Command.Result damaged = export(clinic, all, "--all");
        assertThat(damaged.status()).isEqualTo(1);
        assertThat(damaged.output()).contains("not what was written");
    }
}
