package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditOutcome;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class JobWatchTest {
    private static final String STATION =
            "'Content': {'RemoteAet': 'WS', 'InstancesCount': 3, 'FailedInstancesCount': %d, 'ParentResources': [%s]}";

    private final Map<String, String> orthanc = new ConcurrentHashMap<>(Map.of(
            "/modalities?expand",
            "{'other': {'AET': 'OTHER'}, 'reading-room': {'AET': 'WS'}}",
            "/peers?expand",
            "{'archive': {'Url': 'http://far/'}, 'twin': {'Url': 'http://twin/'}, 'twins': {'Url':"
                    + " 'http://twin/'}}"));
    private final List<AuditEvent> recorded = new CopyOnWriteArrayList<>();
    private volatile Duration passed = Duration.ZERO;
    private final OwnJobs own = new OwnJobs(() -> passed);
    private final AtomicInteger busy = new AtomicInteger();

    @TempDir
    Path folder;

    private JobWatch watch;

    @BeforeEach
    void begin() {
        watch = watch(Optional.empty());
    }

    private OpenJobs reopened() {
        return OpenJobs.open(folder.resolve("open-jobs"));
    }

    private JobWatch watch(Optional<Function<String, Optional<String>>> starters) {
        return watch(starters, Duration.ofMinutes(1));
    }

    private JobWatch watch(Optional<Function<String, Optional<String>>> starters, Duration patience) {
        return new JobWatch(
                this::answer,
                resource -> resource.id().startsWith("gone") ? List.of() : List.of("key-of-" + resource.id()),
                starters,
                own,
                recorded::add,
                reopened(),
                patience);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private JsonNode answer(String uri) {
        if (busy.getAndDecrement() > 0) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "not now");
        }
        if (!orthanc.containsKey(uri)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such resource");
        }
        try {
            return new ObjectMapper().readTree(orthanc.get(uri).replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void job(String id, String kind, String state, String content) {
        orthanc.put("/jobs/" + id, "{'Type': '" + kind + "', 'State': '" + state + "', " + content + "}");
        watch.ended(id, state.equals("Success"));
    }

    /** Orthanc was killed while it sent, or forgets a job that was cancelled while it waited: what began has an end all the same. */
    @Test
    void aJobThatOrthancForgetsOrDoesNotTellOfHasAnEnd() throws Exception {
        for (String id : List.of("sends", "makes", "cancelled", "runs", "other")) {
            String kind = id.equals("makes")
                    ? "ResourceModification"
                    : id.equals("other") ? "Housekeeper" : "DicomModalityStore";
            orthanc.put(
                    "/jobs/" + id,
                    "{'Type': '" + kind + "', 'State': 'Running', " + STATION.formatted(0, "'" + id + "'") + "}");
            watch.begun(id);
        }
        assertThat(events())
                .allSatisfy(event -> assertThat(event.details()).containsEntry("to", "reading-room"))
                .extracting(event -> event.type() + " " + event.details().get("job") + " "
                        + event.details().get("key"))
                .containsExactly(
                        "TRANSFER_BEGIN sends key-of-sends",
                        "TRANSFER_BEGIN cancelled key-of-cancelled",
                        "TRANSFER_BEGIN runs key-of-runs");
        assertThat(watch.runningAbout("key-of-sends"))
                .extracting(Unasked.Running::id)
                .containsExactly("sends");
        watch.close();
        watch = watch(Optional.empty());
        assertThat(watch.runningAbout("key-of-sends")).as("of before").hasSize(1);
        orthanc.remove("/jobs/sends");
        orthanc.remove("/jobs/makes");
        orthanc.put(
                "/jobs/cancelled",
                "{'Type': 'DicomModalityStore', 'State': 'Failure', " + STATION.formatted(3, "'cancelled'") + "}");
        recorded.clear();
        watch.lookForEnds();
        watch.lookForEnds();
        await().until(() -> recorded.size() >= 5);
        await().until(() -> watch.runningAbout("key-of-sends").isEmpty());
        assertThat(watch.runningAbout("key-of-runs")).hasSize(1);
        assertThat(recorded)
                .extracting(event -> event.type() + " " + event.details().get("job") + " "
                        + event.details().get("key"))
                .containsExactlyInAnyOrder(
                        "TRANSFER sends key-of-sends",
                        "ALERT sends key-of-sends",
                        "MODIFY makes key-of-makes",
                        "TRANSFER cancelled key-of-cancelled",
                        "ALERT cancelled key-of-cancelled");
        assertThat(recorded).allMatch(event -> event.outcome() == AuditOutcome.FAILURE);
        await().untilAsserted(() ->
                assertThat(reopened().all()).extracting(OpenJobs.Job::id).containsExactly("runs"));
    }

    @Test
    void whatGoesToADicomWebServerHasAnEnd() {
        job("stow", "DicomWebStowClient", "Success", "'Content': {}");
        job("failed", "DicomWebStowClient", "Failure", "'Content': {}");
        assertThat(events())
                .extracting(event -> event.type() + " " + event.outcome())
                .containsExactly("TRANSFER SUCCESS", "TRANSFER FAILURE", "ALERT FAILURE");
    }

    /** One after the other, so what was told before is over when this is. */
    private List<AuditEvent> events() {
        job("last", "DicomModalityStore", "Success", STATION.formatted(0, "'end'"));
        await().until(() -> recorded.stream().anyMatch(event -> event.details().containsValue("key-of-end")));
        return recorded.stream()
                .filter(event -> !event.details().containsValue("key-of-end"))
                .toList();
    }

    @Test
    void whatWasSentIsRecordedByStudyWithWhereTo() {
        job("a", "DicomModalityStore", "Success", STATION.formatted(0, "'one', 'two'"));
        job(
                "b",
                "OrthancPeerStore",
                "Success",
                "'Content': {'Peer': ['http://far/', 'user'], 'InstancesCount': 1, 'FailedInstancesCount': 0,"
                        + " 'ParentResources': ['three']}");
        job("c", "DicomModalityStore", "Success", STATION.formatted(0, "'gone'").replace("'WS'", "'REMOVED'"));
        List<AuditEvent> events = events();
        assertThat(events)
                .allMatch(event -> event.type() == AuditType.TRANSFER
                        && event.outcome() == AuditOutcome.SUCCESS
                        && event.principal().equals(Optional.of(AuditEvent.ORTHANC)));
        assertThat(events)
                .extracting(AuditEvent::details)
                .containsExactly(
                        new TreeMap<>(Map.of(
                                "way",
                                "job",
                                "starter",
                                "unknown",
                                "job",
                                "a",
                                "to",
                                "reading-room",
                                "key",
                                "key-of-one",
                                "images",
                                "3",
                                "sent",
                                "3")),
                        new TreeMap<>(Map.of(
                                "way",
                                "job",
                                "starter",
                                "unknown",
                                "job",
                                "a",
                                "to",
                                "reading-room",
                                "key",
                                "key-of-two",
                                "images",
                                "3",
                                "sent",
                                "3")),
                        new TreeMap<>(Map.of(
                                "way",
                                "job",
                                "starter",
                                "unknown",
                                "job",
                                "b",
                                "to",
                                "archive",
                                "key",
                                "key-of-three",
                                "images",
                                "1",
                                "sent",
                                "1")),
                        new TreeMap<>(Map.of(
                                "way", "job", "starter", "unknown", "job", "c", "to", "unknown", "images", "3", "sent",
                                "3")));
    }

    /** The transfers accelerator's job names the peer, and no study. */
    @Test
    void whatThePluginForTransfersSendsIsATransfer() {
        String content = "'Content': {'Peer': 'far-away', 'TotalInstances': 7}";
        orthanc.put("/jobs/push", "{'Type': 'PushTransfer', 'State': 'Running', " + content + "}");
        watch.begun("push");
        job("push", "PushTransfer", "Success", content);
        assertThat(events())
                .extracting(event -> event.type() + " " + event.details().get("to") + " "
                        + event.details().get("sent"))
                .containsExactly("TRANSFER_BEGIN far-away null", "TRANSFER far-away 7");
    }

    /** Orthanc writes a peer with more settings as an object; two of one address cannot be told apart. */
    @Test
    void aPeerIsNamedIfItIsOne() {
        job("a", "OrthancPeerStore", "Success", "'Content': {'Peer': {'Url': 'http://far/', 'HttpHeaders': {}}}");
        job("b", "OrthancPeerStore", "Success", "'Content': {'Peer': ['http://twin/', 'user']}");
        assertThat(events()).extracting(event -> event.details().get("to")).containsExactly("archive", "unknown");
    }

    @Test
    void whatWasNotSentWholeIsAFailureAndAnAlert() {
        job("a", "DicomModalityStore", "Success", STATION.formatted(1, "'one'"));
        job("b", "DicomModalityStore", "Failure", STATION.formatted(0, "'two'"));
        List<AuditEvent> events = events();
        assertThat(events).hasSize(4).allMatch(event -> event.outcome() == AuditOutcome.FAILURE);
        assertThat(events)
                .extracting(AuditEvent::type)
                .containsExactly(AuditType.TRANSFER, AuditType.ALERT, AuditType.TRANSFER, AuditType.ALERT);
        assertThat(events.get(0).details()).containsEntry("sentAtMost", "2").doesNotContainKey("sent");
        assertThat(events.get(1).details()).containsEntry("key", "key-of-one");
    }

    @Test
    void ordersThatFailAreRecordedAndOthersWereWhenTheyWereGiven() {
        for (String kind :
                List.of("ResourceModification", "MergeStudy", "SplitStudy", "Archive", "Media", "OfAPlugin")) {
            job(
                    "well-" + kind,
                    kind,
                    "Success",
                    "'Content': {'InstancesCount': 2, 'FailedInstancesCount': 0, 'ParentResources': ['one']}");
            job("ill-" + kind, kind, "Failure", "'Content': {'ParentResources': ['one']}");
        }
        job("anonymous", "ResourceModification", "Failure", "'Content': {'IsAnonymization': true}");
        assertThat(events())
                .extracting(event -> event.type() + " " + event.outcome() + " "
                        + event.details().get("key"))
                .containsExactly(
                        "MODIFY FAILURE key-of-one",
                        "MODIFY FAILURE key-of-one",
                        "MODIFY FAILURE key-of-one",
                        "ARCHIVE SUCCESS key-of-one",
                        "ARCHIVE FAILURE key-of-one",
                        "ARCHIVE SUCCESS key-of-one",
                        "ARCHIVE FAILURE key-of-one",
                        "ANONYMISE FAILURE null");
        assertThat(recorded.get(3).details())
                .containsEntry("phase", "end")
                .containsEntry("way", "job")
                .containsEntry("images", "2");
    }

    @Test
    void whatIsRecordedStepByStepIsLeftOutOnceForEachJob() {
        OwnJobs.Sending first = own.begin(List.of("i2", "i1"));
        OwnJobs.Sending second = own.begin(List.of("i1", "i2"));
        passed = OwnJobs.FORGOTTEN.multipliedBy(100); // a slow line
        first.close();
        second.close();
        passed = passed.plus(OwnJobs.FORGOTTEN);
        job("a", "DicomModalityStore", "Failure", STATION.formatted(1, "'i1', 'i2'"));
        job("b", "DicomModalityStore", "Success", STATION.formatted(0, "'i1', 'i2'"));
        assertThat(events()).isEmpty();
        job("c", "DicomModalityStore", "Success", STATION.formatted(0, "'i1', 'i2'"));
        await().until(() -> recorded.stream().anyMatch(event -> event.details().containsValue("c")));
    }

    /** Else somebody else's job that sends the same images some day would be left out. */
    @Test
    void whatOrthancNeverToldTheEndOfIsForgotten() {
        own.begin(List.of("i1")).close();
        passed = OwnJobs.FORGOTTEN.plusMillis(1);
        job("a", "DicomModalityStore", "Success", STATION.formatted(0, "'i1'"));
        await().until(() -> recorded.stream().anyMatch(event -> event.details().containsValue("a")));
    }

    @Test
    void whoHasStartedItIsWaitedFor() {
        Map<String, String> starters = new ConcurrentHashMap<>();
        watch.close();
        watch = watch(Optional.of(job -> Optional.ofNullable(starters.get(job))));
        orthanc.put(
                "/jobs/a", "{'Type': 'DicomModalityStore', 'State': 'Running', " + STATION.formatted(0, "'one'") + "}");
        watch.begun("a");
        job("a", "DicomModalityStore", "Success", STATION.formatted(0, "'one'"));
        starters.put("a", "anna"); // Orthanc's answer comes after its news
        assertThat(events())
                .extracting(event -> event.type() + " " + event.principal().orElse("nobody"))
                .containsExactly("TRANSFER_BEGIN anna", "TRANSFER anna");
    }

    @Test
    void whatBeginsToLeaveIsInTheLogAlsoIfOrthancStopsBeforeItIsKnownWhoStartedIt() {
        watch.close();
        watch = watch(Optional.of(job -> Optional.empty()));
        orthanc.put(
                "/jobs/a", "{'Type': 'DicomModalityStore', 'State': 'Running', " + STATION.formatted(0, "'one'") + "}");
        watch.begun("a");
        await().until(() -> watch.isBeginning("a"));
        watch.close();
        assertThat(recorded).extracting(AuditEvent::type).containsExactly(AuditType.TRANSFER_BEGIN);
    }

    @Test
    void whatOrthancDoesNotTellAtOnceIsAskedOnceMore() {
        busy.set(1);
        job("a", "DicomModalityStore", "Success", STATION.formatted(0, "'one'"));
        await().until(() -> recorded.stream().anyMatch(event -> event.details().containsValue("a")));
    }

    /** Orthanc tells of a job when that reads already. */
    @Test
    void whatAJobReadsWaitsForItsBeginning() {
        String running = "{'Type': 'Archive', 'State': 'Running', 'Content': {'ParentResources': ['%s']}}";
        orthanc.put("/jobs/a", running.formatted("one"));
        watch.expect();
        Thread telling = new Thread(() -> watch.begun("a"));
        telling.start();
        assertThat(watch.runningAbout("key-of-one"))
                .extracting(Unasked.Running::id)
                .containsExactly("a");
        assertThat(watch.runningAbout("key-of-two")).isEmpty();
    }

    @Test
    void aJobThatDoesNotComeIsNotWaitedForLong() {
        watch.close();
        watch = watch(Optional.empty(), Duration.ofMillis(20));
        watch.expect();
        assertThat(watch.runningAbout("key-of-one")).isEmpty();
    }

    @Test
    @Timeout(30)
    void oneReadWaitsForAnOrderAndOthersMeanwhileDoNot() throws InterruptedException {
        watch.expect();
        List<Unasked.Running> found = new CopyOnWriteArrayList<>();
        Thread waiting = new Thread(() -> found.addAll(watch.runningAbout("key-of-one")));
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        assertThat(watch.runningAbout("key-of-one")).isEmpty();
        orthanc.put("/jobs/a", "{'Type': 'Archive', 'State': 'Running', 'Content': {'ParentResources': ['one']}}");
        watch.begun("a");
        waiting.join();
        assertThat(found).extracting(Unasked.Running::id).containsExactly("a");
    }

    @Test
    void aBeginningThatOrthancDoesNotTellAtOnceIsAskedForOnceMore() {
        String running = "{'Type': 'Archive', 'State': 'Running', 'Content': {'ParentResources': ['%s']}}";
        orthanc.put("/jobs/long", running.formatted("one"));
        orthanc.put("/jobs/short", running.formatted("two"));
        busy.set(2);
        watch.begun("short");
        watch.begun("long");
        job("short", "Archive", "Success", "'Content': {'InstancesCount': 0, 'ParentResources': ['two']}");
        await().until(() -> !reopened().all().isEmpty());
        assertThat(reopened().all())
                .as("the one that has ended meanwhile is recorded already, and not looked for any more")
                .extracting(OpenJobs.Job::id)
                .containsExactly("long");
    }

    @Test
    void whatOrthancDoesNotTellIsPassedOver() {
        watch.ended("forgotten", true);
        orthanc.put("/jobs/odd", "[]");
        watch.ended("odd", true);
        assertThat(events()).isEmpty();
    }

    /** As with JobsHistorySize 0. */
    @Test
    void ofAJobThatOrthancDoesNotKeepItsWordAloneIsRecorded() {
        for (String id : List.of("well", "badly")) {
            orthanc.put(
                    "/jobs/" + id,
                    "{'Type': 'DicomModalityStore', 'State': 'Running', " + STATION.formatted(0, "'" + id + "'") + "}");
            watch.begun(id);
        }
        assertThat(events()).extracting(AuditEvent::type).containsOnly(AuditType.TRANSFER_BEGIN);
        recorded.clear();
        orthanc.keySet().removeIf(uri -> uri.startsWith("/jobs/"));
        watch.ended("well", true);
        watch.ended("badly", false);
        await().until(() -> recorded.stream().anyMatch(event -> event.type() == AuditType.ALERT));
        assertThat(events())
                .extracting(event -> event.type() + " " + event.outcome() + " "
                        + event.details().get("job"))
                .containsExactly("TRANSFER SUCCESS well", "TRANSFER FAILURE badly", "ALERT FAILURE badly");
        recorded.clear();
        watch.lookForEnds();
        assertThat(events()).isEmpty();
    }

    @Test
    void anEndThatIsAboutToBeRecordedIsNotLookedForBeside() {
        watch.close();
        watch = watch(Optional.of(job -> Optional.empty()));
        orthanc.put(
                "/jobs/a", "{'Type': 'DicomModalityStore', 'State': 'Running', " + STATION.formatted(0, "'one'") + "}");
        watch.begun("a");
        await().until(() -> !reopened().all().isEmpty());
        job("a", "DicomModalityStore", "Success", STATION.formatted(0, "'one'"));
        for (int i = 0; i < 20; i++) {
            watch.lookForEnds();
        }
        await().until(() -> recorded.stream().anyMatch(event -> event.type() == AuditType.TRANSFER));
        assertThat(events()).extracting(AuditEvent::type).containsExactly(AuditType.TRANSFER_BEGIN, AuditType.TRANSFER);
    }

    /** Whoever sends step by step records it. */
    @Test
    void whatStrongroomHasSentIsNobodysOpenJob() {
        try (OwnJobs.Sending sending = own.begin(List.of("one"))) {
            assertThat(sending).isNotNull();
            orthanc.put(
                    "/jobs/own",
                    "{'Type': 'DicomModalityStore', 'State': 'Running', " + STATION.formatted(0, "'one'") + "}");
            watch.begun("own");
            assertThat(events()).isEmpty();
        }
        orthanc.remove("/jobs/own");
        watch.ended("own", false);
        watch.lookForEnds();
        assertThat(events()).isEmpty();
    }
}
