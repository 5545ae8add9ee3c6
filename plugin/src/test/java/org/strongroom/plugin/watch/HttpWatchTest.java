package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.access.DicomWebRoots;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.access.RouteTable;
import org.strongroom.plugin.audit.Viewings;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpFilter.Question;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Parentage;
import org.strongroom.plugin.tenancy.Sender;

class HttpWatchTest {
    private static final UUID KEY = UUID.randomUUID();
    private static final String STUDY = id('5');
    private static final String SERIES = id('6');
    private static final String ONE = id('1');
    private static final String TWO = id('2');
    /** What Orthanc does before it answers, though others of that kind are done by jobs. */
    private static final Set<String> AT_ONCE = Set.of(
            "/modalities/remote/store-straight",
            "/instances/ONE/anonymize",
            "/studies/STUDY/attachments/1024/compress",
            "/jobs/JOB/archive");

    private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    /** How many events there were when settings were about to be changed. */
    private final List<Integer> changes = new CopyOnWriteArrayList<>();

    private final AtomicInteger orders = new AtomicInteger();

    private final Map<String, String> index = new HashMap<>(Map.of(
            "/instances/" + ONE, "{'ParentSeries': '" + SERIES + "'}",
            "/series/" + SERIES, "{'ParentStudy': '" + STUDY + "', 'Instances': ['" + ONE + "', '" + TWO + "']}",
            "/studies/" + STUDY,
                    "{'PatientMainDicomTags': {'PatientID': 'PAT'}, 'MainDicomTags': {'StudyInstanceUID': '1.2.3'}}",
            "/patients/" + id('9'), "{'Studies': ['" + STUDY + "']}"));
    private final Viewings viewings = new Viewings(recorded::add, () -> Instant.EPOCH, () -> Duration.ZERO);
    private HttpFilter access = new Visitors(true);

    @AfterEach
    void close() {
        viewings.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /studies/STUDY, view, identity",
        "GET, /instances/ONE/tags, view, tags",
        "GET, /instances/ONE/file, view, pixels",
        "GET, /instances/ONE/frames/0/preview, view, pixels",
        "GET, /patients/PATIENT, view, identity",
        "GET, /dicom-web/studies/1.2.3/metadata, view, tags",
        "GET, /dicom-web/studies/1.2.3/series/1.2.4/instances/1.2.5/frames/1, view, pixels",
        "GET, /studies, query,",
        "POST, /tools/find, query,",
        "GET, /dicom-web/studies, query,",
        "POST, /modalities/remote/query, query,",
        "GET, /someones/plugin, query,",
        "GET, /studies/STUDY/archive, archive,",
        "POST, /tools/create-media, archive,",
        "POST, /studies/STUDY/anonymize, anonymise,",
        "POST, /studies/STUDY/modify, modify,",
        "PUT, /studies/STUDY/labels/seen, modify,",
        "DELETE, /studies/STUDY, delete,",
        "POST, /modalities/remote/store, transfer-begin,",
        "POST, /modalities/remote/store-straight, transfer-begin,",
        "POST, /instances/ONE/anonymize, anonymise,",
        "POST, /studies/STUDY/attachments/1024/compress, modify,",
        "PUT, /modalities/remote, settings,",
        "POST, /tools/reset, settings,",
        "POST, /tools/execute-script, settings,",
        "PUT, /studies/STUDY/labels/strongroom-x, modify,",
        "GET, /webdav/by-patients, query,",
        "DELETE, /webdav/by-uids/x, delete,",
        "DELETE, /someones/plugin, delete,",
        "POST, /instances/ONE/export, export,",
        "GET, /jobs/JOB/archive, archive,",
        "POST, /modalities/remote/storage-commitment, query,",
        "GET, /storage-commitment/2.25.7, query,",
        "POST, /storage-commitment/2.25.7/remove, delete,",
        "POST, /tools/dicom-echo, query,",
    })
    void everyKindOfRequestIsRecordedBeforeItIsAnswered(HttpMethod method, String path, String type, String what) {
        ask(
                method,
                path.replace("STUDY", STUDY)
                        .replace("ONE", ONE)
                        .replace("PATIENT", id('9'))
                        .replace("JOB", UUID.randomUUID().toString()));
        assertThat(recorded).hasSize(1);
        AuditEvent event = recorded.get(0);
        assertThat(event.type().wire()).isEqualTo(type);
        assertThat(changes).isEqualTo(type.equals("settings") ? List.of(1) : List.of());
        assertThat(orders).as("done by jobs").hasValue(isDoneByJob(method, path, type) ? 1 : 0);
        assertThat(event.details().get("way")).isEqualTo(path.contains("someones") ? "unlisted" : Asked.way(path));
        assertThat(event.principal()).contains(AuditEvent.ANYBODY);
        assertThat(event.address()).contains("10.0.0.7");
        assertThat(event.details().get("what")).isEqualTo(what);
        boolean named =
                path.contains("STUDY") || path.contains("ONE") || path.contains("PATIENT") || path.contains("1.2");
        assertThat(event.details().get("key")).isEqualTo(named ? KEY.toString() : null);
        assertThat(event.toString())
                .doesNotContain("PAT")
                .doesNotContain("1.2.3")
                .doesNotContain(STUDY);
    }

    /** A session is of a study, whatever of it is asked for: the begin has the level of the first request, and the end all of them. */
    @Test
    void aViewSaysAtWhichLevelsSomebodyLooked() {
        for (String path :
                List.of("/studies/" + STUDY, "/instances/" + ONE, "/instances/" + TWO, "/series/" + SERIES)) {
            ask(HttpMethod.GET, path);
        }
        assertThat(recorded).singleElement().satisfies(event -> assertThat(event.details())
                .containsEntry("phase", "begin")
                .containsEntry("level", "study"));
        viewings.close();
        assertThat(recorded.get(1).details())
                .containsEntry("phase", "end")
                .containsEntry("levels", "instance series study")
                .containsEntry("instances", "2")
                .containsEntry("requests", "4");
    }

    /** Its body names them, which is not seen. */
    @Test
    void tagsOfWhatABodyNamesAreAViewOfWhatIsNotKnown() {
        ask(HttpMethod.POST, "/tools/bulk-content");
        assertThat(recorded).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(AuditType.VIEW);
            assertThat(event.details()).containsEntry("key", "unknown").containsEntry("what", "tags");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /system",
        "GET, /",
        "GET, /statistics",
        "GET, /app/explorer.html",
        "POST, /instances",
        "POST, /dicom-web/studies",
        "PUT, /webdav/uploads/x.dcm",
        "POST, /webdav/by-uids/x",
        "GET, /strongroom/status",
        "GET, /jobs",
        "GET, /tools/log-level"
    })
    void whatShowsNobodysDataIsNot(HttpMethod method, String path) {
        ask(method, path);
        assertThat(recorded).isEmpty();
    }

    private static boolean isDoneByJob(HttpMethod method, String path, String type) {
        if (AT_ONCE.contains(path)) {
            return false;
        }
        boolean changes = Set.of("modify", "anonymise").contains(type);
        return changes
                ? method == HttpMethod.POST
                : Set.of("transfer-begin", "archive").contains(type);
    }

    /** Orthanc has applied the override; who writes it, or anything else that the table does not read, hides nothing by it. */
    @ParameterizedTest
    @ValueSource(strings = {"_method", "_METHOD", "a b", "%5f"})
    void argumentsThatNobodyReadsHideNothing(String argument) {
        try (LookUps lookUps = new LookUps(watched::knownKeysOf, watched::keysOf, () -> Duration.ZERO)) {
            HttpWatch watch = watch(lookUps, recorded::add);
            List<Map.Entry<String, String>> arguments = List.of(Map.entry(argument, "DELETE"));
            watch.decide(new Question(HttpMethod.DELETE, "/studies/" + STUDY, "10.0.0.7", arguments, Map.of()));
            watch.decide(
                    new Question(HttpMethod.GET, "/studies/" + STUDY + "/archive", "10.0.0.7", arguments, Map.of()));
        }
        assertThat(recorded).extracting(event -> event.type().wire()).containsExactly("delete", "archive");
        assertThat(recorded).allSatisfy(event -> assertThat(event.details())
                .containsEntry("key", KEY.toString())
                .doesNotContainValue("unlisted"));
    }

    @Test
    void anArchiveOfSeveralThingsIsRecordedForEachOfTheirStudies() {
        try (LookUps lookUps = new LookUps(watched::knownKeysOf, watched::keysOf, () -> Duration.ZERO)) {
            String listed = String.join(",", ONE, id('7'), STUDY, id('8'), id('9'));
            index.put("/studies/" + id('7'), "{}");
            List<Map.Entry<String, String>> arguments = List.of(Map.entry("resources", listed));
            watch(lookUps, recorded::add)
                    .decide(new Question(HttpMethod.GET, "/tools/create-archive", "10.0.0.7", arguments, Map.of()));
        }
        assertThat(recorded).extracting(event -> event.type().wire()).containsOnly("archive");
        assertThat(recorded)
                .extracting(event -> event.details().get("key"))
                .containsExactly(KEY.toString(), "unsealed");
    }

    @Test
    void aSeriesIsLookedUpOnce() {
        ask(HttpMethod.GET, "/instances/" + ONE + "/file");
        int before = asked.size();
        ask(HttpMethod.GET, "/instances/" + ONE + "/file");
        ask(HttpMethod.GET, "/instances/" + TWO + "/file");
        assertThat(asked).hasSize(before);
        assertThat(recorded).hasSize(1);
        viewings.close();
        assertThat(recorded.get(1).details()).containsEntry("instances", "2").containsEntry("requests", "3");
    }

    @Test
    void whatIsKnownIsToldWithoutAnybodyWhoWouldAskOrthanc() {
        ask(HttpMethod.GET, "/instances/" + ONE + "/file");
        try (LookUps nobody = new LookUps(
                watched::knownKeysOf,
                resource -> {
                    throw new IllegalStateException("asked");
                },
                () -> Duration.ZERO)) {
            for (Resource known : List.of(
                    new Resource(Level.INSTANCE, false, ONE),
                    new Resource(Level.INSTANCE, false, TWO),
                    new Resource(Level.STUDY, false, STUDY))) {
                assertThat(nobody.keysOf(known)).as("%s", known).containsExactly(KEY.toString());
            }
            assertThat(nobody.keysOf(new Resource(Level.INSTANCE, false, id('8'))))
                    .isEqualTo(LookUps.UNKNOWN);
        }
    }

    @Test
    void nothingIsSeenOfWhatIsNotThere() {
        ask(HttpMethod.GET, "/instances/" + id('8') + "/file");
        assertThat(recorded).isEmpty();
    }

    @Test
    void thatOrthancDoesNotSayWhichStudyHidesNothing() {
        index.put("/studies/" + STUDY, "down");
        ask(HttpMethod.GET, "/studies/" + STUDY);
        assertThat(recorded).hasSize(1);
        assertThat(recorded.get(0).details()).containsEntry("key", "unknown");
    }

    @Test
    void aStudyThatOrthancKeepsInClearIsUnsealed() {
        index.put("/studies/" + STUDY, "{}");
        ask(HttpMethod.GET, "/studies/" + STUDY);
        assertThat(recorded.get(0).details()).containsEntry("key", "unsealed");
    }

    @Test
    void orthancsUserIsBelievedOnlyIfOrthancChecksPasswords() {
        Map<String, String> ann = basic("ann:se:cret");
        assertThat(user(true, ann)).isEqualTo("ann");
        assertThat(user(true, basic("jürgen:x"))).as("and no other one").isEqualTo("j%C3%BCrgen");
        assertThat(user(true, basic("orthanc:orthanc")))
                .as("not what it does by itself")
                .isEqualTo("user orthanc");
        assertThat(user(true, Map.of("authorization", "Basic %%%"))).isEqualTo(AuditEvent.ANYBODY);
        assertThat(user(true, Map.of("authorization", "Bearer abc"))).isEqualTo(AuditEvent.ANYBODY);
        assertThat(user(false, ann)).isEqualTo(AuditEvent.ANYBODY);
    }

    @Test
    void whatIsRefusedIsNotAView() {
        access = question -> HttpFilter.Decision.deny();
        ask(HttpMethod.GET, "/studies/" + STUDY);
        assertThat(recorded).isEmpty();
    }

    @Test
    @Timeout(20)
    void aSlowIndexKeepsNoRequestWaitingForLongAndHidesNothing() {
        CountDownLatch answers = new CountDownLatch(1);
        try (LookUps slow =
                new LookUps(resource -> Optional.empty(), resource -> await(answers), () -> Duration.ZERO)) {
            for (int request = 1; request <= 40; request++) {
                HttpWatch watch = watch(slow, recorded::add);
                assertThat(watch.decide(question("/studies/" + STUDY + "/archive"))
                                .isAllowed())
                        .isTrue();
                assertThat(recorded).hasSize(request);
                assertThat(recorded.get(request - 1).details()).containsEntry("key", "unknown");
            }
            answers.countDown();
        }
    }

    @Test
    void whatGoesWrongWithTheEventDoesNotChangeTheAnswer() {
        try (LookUps broken = new LookUps(
                resource -> Optional.empty(),
                resource -> {
                    throw new IllegalStateException("a bug");
                },
                () -> Duration.ZERO)) {
            assertThat(watch(broken, recorded::add)
                            .decide(question("/studies/" + STUDY))
                            .isAllowed())
                    .isTrue();
            assertThat(recorded.get(0).details()).containsEntry("key", "unknown");
            HttpWatch unrecorded = watch(broken, event -> {
                throw new IllegalStateException("a bug");
            });
            assertThat(unrecorded
                            .decide(question("/studies/" + STUDY + "/archive"))
                            .token())
                    .isEqualTo(access.decide(question("/")).token());
        }
    }

    private HttpWatch watch(LookUps lookUps, Consumer<AuditEvent> audit) {
        RouteTable routes = RouteTable.of(DicomWebRoots.DEFAULTS, List.of());
        return new HttpWatch(
                access, routes, lookUps, viewings, audit, () -> changes.add(recorded.size()), orders::incrementAndGet);
    }

    private static Question question(String path) {
        return new Question(HttpMethod.GET, path, "10.0.0.7", List.of(), Map.of());
    }

    private static List<String> await(CountDownLatch answers) {
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of(KEY.toString());
    }

    private static String user(boolean checked, Map<String, String> headers) {
        return Sender.asker(new Visitors(checked)
                .decide(new Question(HttpMethod.GET, "/", "10.0.0.7", List.of(), headers))
                .token());
    }

    private static Map<String, String> basic(String login) {
        return Map.of(
                "authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private void ask(HttpMethod method, String path) {
        try (LookUps lookUps = new LookUps(watched::knownKeysOf, watched::keysOf, () -> Duration.ZERO)) {
            watch(lookUps, recorded::add).decide(new Question(method, path, "10.0.0.7", List.of(), Map.of()));
        }
    }

    private final Watched watched = new Watched(
            new Parentage(new OrthancApi() {
                @Override
                public byte[] get(String uri) {
                    asked.add(uri);
                    String json = index.get(uri);
                    if (json == null || json.equals("down")) {
                        throw StrongroomException.of(
                                json == null ? FailureKind.NOT_FOUND : FailureKind.UNAVAILABLE, "no answer");
                    }
                    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public byte[] post(String uri, byte[] body) {
                    boolean instance = new String(body, StandardCharsets.US_ASCII).equals("1.2.5");
                    return ("[{\"Type\": \"" + (instance ? "Instance" : "Study") + "\", \"ID\": \""
                                    + (instance ? ONE : STUDY) + "\"}]")
                            .getBytes(StandardCharsets.UTF_8);
                }

                @Override
                public void put(String uri, byte[] body) {
                    throw new AssertionError("nothing is written here");
                }

                @Override
                public void delete(String uri) {
                    throw new AssertionError("nothing is deleted to know whose it is");
                }
            }),
            (patient, study) -> Arrays.equals(patient, bytes("PAT ")) && Arrays.equals(study, bytes("1.2.3\0"))
                    ? Optional.of(KEY)
                    : Optional.empty());

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String id(char digit) {
        String group = String.valueOf(digit).repeat(8);
        return String.join("-", group, group, group, group, group);
    }
}
