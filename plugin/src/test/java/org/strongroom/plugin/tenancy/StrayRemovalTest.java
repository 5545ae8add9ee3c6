package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class StrayRemovalTest {
    private static final byte[] PATIENT = "P1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UID = "1.2".getBytes(StandardCharsets.US_ASCII);
    private static final String STUDY =
            OrthancId.ofStudy(PATIENT, UID).iterator().next();
    private static final UUID NORTHS = UUID.randomUUID();
    private static final UUID STRAY = UUID.randomUUID();

    private final Index orthanc = new Index();
    private final PlayedKeys keys = new PlayedKeys();
    private final Readings readings = new Readings();
    private final List<AuditEvent> events = new CopyOnWriteArrayList<>();
    private StudyTenants studies = new StudyTenants();

    /** One study with one series; what is deleted is told to storage, as Orthanc does. */
    private final class Index implements OrthancApi {
        final Map<String, String> answers = new ConcurrentHashMap<>();
        final List<String> done = new CopyOnWriteArrayList<>();
        final List<String> instances = new CopyOnWriteArrayList<>();
        final Map<String, UUID> attachments = new ConcurrentHashMap<>();
        volatile boolean up = true;
        volatile boolean reconstructs = true;

        void store(String instance, UUID attachment, String received) {
            attachments.put(instance, attachment);
            instances.add(instance);
            answers.put("/instances/" + instance, "{'ParentSeries': 's'}");
            answers.put("/instances/" + instance + "/attachments/dicom/info", "{'Uuid': '" + attachment + "'}");
            answers.put("/instances/" + instance + "/metadata/ReceptionDate", received);
            index();
        }

        private void index() {
            answers.put("/studies/" + STUDY, "{'Series': ['s'], 'ParentPatient': 'p'}");
            String listed = instances
                    .toString()
                    .replace("[", "['")
                    .replace(", ", "', '")
                    .replace("]", "']");
            answers.put("/series/s", "{'ParentStudy': '" + STUDY + "', 'Instances': " + listed + "}");
        }

        @Override
        public byte[] get(String uri) {
            if (!up) {
                throw StrongroomException.of(
                        uri.equals("/system") ? FailureKind.UNAVAILABLE : FailureKind.NOT_FOUND, "starting");
            }
            String answer = uri.equals("/system") ? "{}" : answers.get(uri);
            if (answer == null) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
            }
            return bytes(answer.replace('\'', '"'));
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            if (!reconstructs) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "a file cannot be read now");
            }
            done.add("POST " + uri + (studies.ofStudy(STUDY).contains("quarantine") ? "" : " too late"));
            return bytes("{}");
        }

        @Override
        public void put(String uri, byte[] body) {
            throw new AssertionError("nothing is written here");
        }

        @Override
        public void delete(String uri) {
            String instance = uri.substring("/instances/".length());
            done.add("DELETE " + uri);
            answers.remove(uri + "/attachments/dicom/info");
            instances.remove(instance);
            index();
            studies.gone(attachments.get(instance));
            readings.gone(attachments.get(instance));
        }
    }

    @Test
    void itIsTakenOutAndTheStudyIsItsOwnersAgain() {
        north("20260101T120000");
        stray(STRAY, "20260101T120005");
        assertThat(studies.ofStudy(STUDY)).containsExactly("north", "quarantine");
        awaitNorths();
        assertThat(orthanc.done).containsExactly("DELETE /instances/stray");
        assertThat(keys.closed).containsExactly("1.2");
    }

    /** Orthanc keeps a series' tags from whatever came first: the owner must not see what another has sent. */
    @Test
    void tagsThatItLeftBehindAreMadeAnewBeforeTheStudyIsOpened() {
        north("20260101T120000");
        stray(STRAY, "20260101T120000");
        awaitNorths();
        assertThat(orthanc.done).containsExactly("DELETE /instances/stray", "POST /series/s/reconstruct");
    }

    /** The same instance, sent by somebody else: Orthanc keeps its owner's. */
    @Test
    void anInstanceOfTheOwnersIsLeftAlone() {
        north("20260101T120000");
        studies.claim("south", STRAY, () -> Set.of("n"), PATIENT, UID);
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            studies.gone(STRAY);
            await().atMost(Duration.ofMinutes(1)).until(() -> studies.strays().isEmpty());
        }
        assertThat(orthanc.done).isEmpty();
    }

    @Test
    void whatAnEarlierRunLeftIsFoundWhenOrthancAnswers(@TempDir Path folder) throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC()).close();
        try (Keyring keyring = Keyring.open(home, source, Set.of("north", "quarantine"), Clock.systemUTC())) {
            keyring.studyKey("north", PATIENT, UID);
            keyring.studyKey("quarantine", PATIENT, UID);
            studies = StudyTenants.of(keyring);
        }
        orthanc.store("n", NORTHS, "20260101T120000");
        orthanc.store("stray", STRAY, "20260101T120005");
        orthanc.up = false;
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            assertThat(studies.ofStudy(STUDY)).containsExactly("north", "quarantine");
            orthanc.up = true;
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north"));
        }
        assertThat(keys.asked).containsExactly(NORTHS, STRAY);
        assertThat(orthanc.done).containsExactly("DELETE /instances/stray");
    }

    /** Sealed as an image of south's own study: only Orthanc's name for it tells that it reads another study. */
    @Test
    void whatOrthancReadsAsAnotherStudyIsKeptAndTakenOut() {
        north("20260101T120000");
        orthanc.store("crafted", STRAY, "20260101T120000");
        readings.expect(STRAY, Set.of("south's"));
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            keys.full = true;
            readings.stored(STRAY, "crafted");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north", "quarantine"));
            assertThat(orthanc.done).as("what is not kept stays").isEmpty();
            keys.full = false;
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north"));
        }
        assertThat(keys.kept).containsExactly(STRAY);
        assertThat(orthanc.done).containsExactly("DELETE /instances/crafted", "POST /series/s/reconstruct");
        assertThat(readings.differing()).isEmpty();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.ALERT);
            assertThat(event.details()).containsEntry("attachment", STRAY.toString());
        });
    }

    /** Orthanc has told everybody that it is out when the second half of the removal fails. */
    @Test
    void aRemovalThatFailedHalfwayIsToldAndOpensTheStudy() {
        north("20260101T120000");
        orthanc.store("crafted", STRAY, "20260101T120000");
        orthanc.reconstructs = false;
        readings.expect(STRAY, Set.of("south's"));
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            readings.stored(STRAY, "crafted");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(orthanc.done).containsExactly("DELETE /instances/crafted"));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north"));
        }
        assertThat(readings.differing()).isEmpty();
        assertThat(events).singleElement().satisfies(event -> assertThat(event.details())
                .containsEntry("attachment", STRAY.toString()));
    }

    /** The alert is made up for, and the study open only then. */
    @Test
    void anAlertThatCouldNotBeRecordedIsRecordedLater() {
        north("20260101T120000");
        orthanc.store("crafted", STRAY, "20260101T120000");
        keys.tenants.putAll(Map.of(NORTHS, "north", STRAY, "quarantine"));
        AtomicBoolean full = new AtomicBoolean(true);
        readings.expect(STRAY, Set.of("south's"));
        try (StrayRemoval removal = new StrayRemoval(orthanc, studies, readings, keys, event -> {
            if (full.getAndSet(false)) {
                throw StrongroomException.of(FailureKind.FULL, "no room");
            }
            assertThat(studies.ofStudy(STUDY)).contains("quarantine");
            events.add(event);
        })) {
            assertThat(removal).isNotNull();
            readings.stored(STRAY, "crafted");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(events).hasSize(1));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north"));
        }
        assertThat(events).hasSize(1);
        assertThat(orthanc.done).containsExactly("DELETE /instances/crafted", "POST /series/s/reconstruct");
    }

    /** Orthanc had it already, and has kept what it had. */
    @Test
    void anotherAttachmentOfThatInstanceIsLeftAlone() {
        north("20260101T120000");
        readings.expect(STRAY, Set.of("south's"));
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            readings.stored(STRAY, "n");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> readings.differing().isEmpty());
        }
        assertThat(orthanc.done).isEmpty();
        assertThat(studies.ofStudy(STUDY)).containsExactly("north");
        assertThat(events).isEmpty();
    }

    private void north(String received) {
        studies.claim("north", NORTHS, Set::of, PATIENT, UID);
        orthanc.store("n", NORTHS, received);
    }

    private void stray(UUID attachment, String received) {
        studies.claim("south", attachment, () -> Set.of("stray", "in-another-character-set"), PATIENT, UID);
        orthanc.store("stray", attachment, received);
    }

    private void awaitNorths() {
        try (StrayRemoval removal = removal()) {
            assertThat(removal).isNotNull();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(studies.ofStudy(STUDY)).containsExactly("north"));
        }
    }

    private StrayRemoval removal() {
        keys.tenants.putAll(Map.of(NORTHS, "north", STRAY, "quarantine"));
        return new StrayRemoval(orthanc, studies, readings, keys, events::add);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
