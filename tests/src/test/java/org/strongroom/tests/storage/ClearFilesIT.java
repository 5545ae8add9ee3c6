package org.strongroom.tests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** An Orthanc that ran for years before Strongroom was switched on, and one that is switched off again. */
class ClearFilesIT {
    private static final Duration SEALED_BY = Duration.ofMinutes(2);

    /** Files of Orthanc's own storage: {@code ab/cd/abcd…}. */
    private static List<Path> clearFiles(Clinic clinic) {
        Path storage = clinic.scratch().path().resolve("orthanc");
        return ClearText.files(storage).stream()
                .filter(file -> storage.relativize(file).getNameCount() == 3)
                .toList();
    }

    private static void awaitSealed(Clinic clinic) {
        await().atMost(SEALED_BY).until(() -> clearFiles(clinic).isEmpty());
    }

    private static Map<String, byte[]> upload(Rest rest, List<byte[]> images) {
        Map<String, byte[]> stored = new LinkedHashMap<>();
        images.forEach(image -> stored.put(rest.upload(image), image));
        return stored;
    }

    private static void assertServed(Rest rest, Map<String, byte[]> images) {
        images.forEach((id, image) -> assertThat(rest.file(id)).as(id).isEqualTo(image));
    }

    /** Stored by the Orthanc that it was. */
    private static Map<String, byte[]> before(Clinic clinic, List<byte[]> images) {
        clinic.withoutStrongroom();
        OrthancProcess orthanc = clinic.start();
        Map<String, byte[]> old = upload(orthanc.rest(), images);
        orthanc.stop();
        clinic.withStrongroom();
        return old;
    }

    /** Besides, to each Orthanc something else happens on the way. */
    @ParameterizedTest
    @EnumSource(Debian.class)
    void oldStudiesAreServedSealedShippedAndTakenBack(Debian debian) {
        // Every kind begins with the image that is the first slice too.
        List<byte[]> images = new ArrayList<>(Samples.ct(5).subList(1, 5));
        images.add(Samples.otherStudy());
        images.addAll(Samples.everyKind().values());
        byte[] fresh = Samples.otherPatient();
        try (Clinic clinic = new Clinic(debian)) {
            Map<String, byte[]> all = before(clinic, images);
            switch (debian) {
                case BOOKWORM -> compressedOnesAreThereAsWell(clinic, all);
                case TRIXIE -> oneIsDeletedAndGivenBackBeforeTheOthersAreSealed(clinic, all);
                case SID -> aKillComesInTheMiddle(clinic, all);
            }
            int old = Math.min(all.size(), clearFiles(clinic).size());
            OrthancProcess orthanc = clinic.start();
            assertServed(orthanc.rest(), all);
            all.put(orthanc.rest().upload(fresh), fresh);

            awaitSealed(clinic);
            assertServed(orthanc.rest(), all);
            assertThat(orthanc.rest()
                            .get("/instances/" + all.keySet().iterator().next() + "/preview"))
                    .isNotEmpty();
            await().atMost(SEALED_BY).untilAsserted(() -> {
                JsonNode clear = clinic.status().path("clear");
                assertThat(clear.path("waiting").asInt()).isZero();
                assertThat(clear.path("sealed").asInt()).isGreaterThanOrEqualTo(old);
                assertThat(clear.path("problem").isNull()).isTrue();
            });

            clinic.makeCold();
            assertServed(orthanc.rest(), all);
            assertThat(clinic.cli("fsck", "--deep").orFail().output()).isNotEmpty();
            clinic.cli("evict", "--all").orFail();

            assertThat(clinic.cli("unseal").status()).as("Orthanc runs").isNotZero();
            orthanc.stop();
            unseal(clinic, all.size());
            clinic.withoutStrongroom();
            orthanc.restart();
            assertServed(orthanc.rest(), all);
            orthanc.rest().delete("/instances/" + all.keySet().iterator().next());
        }
    }

    private static void unseal(Clinic clinic, int images) {
        JsonNode plan = Rest.parse(
                clinic.cli("unseal", "--dry-run", "--json").orFail().output().getBytes(StandardCharsets.UTF_8));
        assertThat(plan.path("files").asInt()).isGreaterThanOrEqualTo(images);
        assertThat(plan.path("compared").asBoolean()).isTrue();
        assertThat(plan.path("possible").asBoolean()).isTrue();
        assertThat(clearFiles(clinic)).isEmpty();

        Command.Result done = clinic.process("unseal", "--json").orFail();
        JsonNode told = Rest.parse(done.output().getBytes(StandardCharsets.UTF_8));
        assertThat(told.path("written")).isEqualTo(plan.path("files"));
        assertThat(told.path("complete").asBoolean()).isTrue();

        JsonNode again =
                Rest.parse(clinic.cli("unseal", "--json").orFail().output().getBytes(StandardCharsets.UTF_8));
        assertThat(again.path("written").asInt()).isZero();
        assertThat(again.path("alreadyThere")).isEqualTo(plan.path("files"));
    }

    /** They are sealed as they are. */
    private static void compressedOnesAreThereAsWell(Clinic clinic, Map<String, byte[]> all) {
        clinic.setup().set("StorageCompression", "true");
        all.putAll(before(clinic, Samples.ct(3, Samples.STUDY + ".8")));
    }

    /** While nothing else is to be sealed, what is deleted is. */
    private static void oneIsDeletedAndGivenBackBeforeTheOthersAreSealed(Clinic clinic, Map<String, byte[]> all) {
        ObjectNode section = clinic.setup().configuration().withObject("/Strongroom");
        section.putObject("ClearFiles").put("Seal", false);
        int files = clearFiles(clinic).size();
        OrthancProcess orthanc = clinic.start();
        clinic.awaitSidecar();
        String deleted = all.keySet().iterator().next();
        orthanc.rest().delete("/instances/" + deleted);
        await().atMost(SEALED_BY).until(() -> clearFiles(clinic).size() < files);

        clinic.cli("undelete", "--all").orFail();

        assertThat(orthanc.rest().file(deleted)).as("given back").isEqualTo(all.get(deleted));
        assertThat(clearFiles(clinic)).as("still clear").hasSizeGreaterThan(files / 2);
        orthanc.stop();
        section.remove("ClearFiles");
    }

    private static void aKillComesInTheMiddle(Clinic clinic, Map<String, byte[]> all) {
        all.putAll(before(clinic, Samples.ct(60, Samples.STUDY + ".8")));
        int files = clearFiles(clinic).size();
        OrthancProcess orthanc = clinic.start();
        await().atMost(SEALED_BY)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> clearFiles(clinic).size() < files - 10);
        orthanc.kill();
        assertThat(clearFiles(clinic)).as("not sealed yet when it was killed").isNotEmpty();
    }
}
