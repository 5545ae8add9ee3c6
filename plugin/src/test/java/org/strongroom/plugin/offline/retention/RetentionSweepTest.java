package org.strongroom.plugin.offline.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.ErasureRequest.Step;
import org.strongroom.core.control.Remains;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.erase.OrthancStudies;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.retention.RetentionPlanCommand.Made;
import org.strongroom.plugin.offline.retention.RetentionSweep.Result;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Consent;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.Told;

/** What happens between the plan and the last image: each study is looked at again, and what cannot go on is said. */
class RetentionSweepTest extends OneStudyCommands {
    private static final Instant THEN = Instant.parse("2026-05-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final int IMAGES = 250;

    private final Map<UUID, List<UUID>> files = new HashMap<>();
    private final Map<UUID, Instant> arrivals = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private Sleeper sleeper = duration -> {};
    private Consumer<Step> between = step -> {};
    private UUID other;
    private int deletedAtOnce;
    /** Studies beside the two. */
    private int more;

    @Override
    protected String more() {
        return ", \"Retention\": {\"Approvers\": [\"Dr. Roe\", \"Dr. Doe\"], \"Grace\": \"10 days\"}";
    }

    private Place place() {
        return new Place(
                Settings.parse("{\"Strongroom\": {\"Home\": \"" + home.root() + "\", \"RootKey\": {\"KeyFile\": \""
                        + folder.resolve("root.key") + "\"}" + more() + "}}"),
                home);
    }

    /** Two studies of two patients are due, and approved; then a plan is made in which they are of this fate. */
    private Result sweep(Fate fate, Optional<Approval.Handed> handed) throws IOException, InterruptedException {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            other = keyring.studyKey(bytes("P2"), bytes("1.2.4")).id();
            List<PlannedStudy> due = studies(keyring, Fate.DUE);
            Approvals approvals = Approvals.read(home, keyring);
            Approval first = approvals.approve(due, new Consent("Dr. Roe", "law", THEN));
            Approval both = approvals.agree(first, new Consent("Dr. Doe", "checked", THEN));
            if (handed.isPresent()) {
                approvals.hand(both.digest(), handed.get());
                carryOut(ErasureOrder.order(keyring, handed.get().erasure(), both.order(), List.of(key)), keyring);
            }
            Arrived arrived = new Arrived();
            for (PlannedStudy study : due) {
                UUID one = study.key();
                files.computeIfAbsent(one, any -> images());
                arrivals.put(one, THEN);
            }
            running(keyring).studies(arrived::plan);
            Map<UUID, List<UUID>> living = new HashMap<>();
            files.forEach((one, here) -> living.put(one, List.copyOf(here)));
            Made made = new Made(studies(keyring, fate), Map.of(), Told.read(home, keyring), NOW, living, arrived);
            return new RetentionSweep(place(), keyring, Clock.systemUTC(), sleeper, running(keyring)).run(made);
        }
    }

    private List<PlannedStudy> studies(Keyring keyring, Fate fate) throws IOException {
        List<PlannedStudy> studies = new ArrayList<>(List.of(study(key, "1.2.3", fate), study(other, "1.2.4", fate)));
        for (int i = 0; i < more; i++) {
            String uid = "1.2.5." + i;
            studies.add(study(keyring.studyKey(bytes("P3"), bytes(uid)).id(), uid, fate));
        }
        return studies;
    }

    private static List<UUID> images() {
        List<UUID> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            images.add(UUID.randomUUID());
        }
        return images;
    }

    private PlannedStudy study(UUID one, String name, Fate fate) {
        int living = files.getOrDefault(one, List.of()).size();
        return new PlannedStudy(
                one, name, "clinic", IMAGES, living, fate, "2020-01-01", List.of(), List.of(), List.of(), null);
    }

    private RetentionSweep.Running running(Keyring keyring) {
        return new RetentionSweep.Running() {
            @Override
            public void erase(ErasureRequest request) {
                between.accept(request.step());
                steps.add(request.step());
                try {
                    carryOut(request, keyring);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public long living(UUID one) {
                return files.getOrDefault(one, List.of()).size();
            }

            @Override
            public void studies(Consumer<StudyStatus> each) {
                arrivals.forEach((one, last) ->
                        each.accept(new StudyStatus(one, UUID.randomUUID(), 1, 1, 1, 1, 0, 1, 0, last, List.of())));
            }
        };
    }

    private void carryOut(ErasureRequest request, Keyring keyring) throws IOException {
        Clock clock = Clock.systemUTC();
        Holds holds = new Holds(keyring, clock);
        Erasures erasures = new Erasures(keyring, holds, List.of("Dr. Roe", "Dr. Doe"), clock);
        try (AuditTap audit = AuditTap.open(home, clock, RunningTime.system());
                Journal journal =
                        Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, clock, entry -> {
                            holds.replay(entry);
                            erasures.replay(entry);
                        })) {
            erasures.carryOut(
                    request,
                    journal,
                    audit,
                    one -> new Remains(one, files.getOrDefault(one, List.of()).size(), 0, 0, 0, Map.of()),
                    Optional.of(new Erasures.Running(new Orthanc(), moved -> {
                        throw new IllegalStateException("a plan erases whole studies");
                    })));
        }
    }

    /** It has {@link #files}: an image each. */
    private final class Orthanc implements OrthancStudies {
        @Override
        public Images images(String study) {
            boolean first = OrthancId.ofStudy(bytes("P1"), bytes("1.2.3")).contains(study);
            List<UUID> here = files.getOrDefault(first ? key : other, List.of());
            return new Images(here.stream().map(UUID::toString).toList(), Set.copyOf(here));
        }

        @Override
        public void delete(List<String> instances, Set<UUID> known) {
            deletedAtOnce = Math.max(deletedAtOnce, instances.size());
            for (List<UUID> one : files.values()) {
                one.removeIf(file -> instances.contains(file.toString()));
            }
        }
    }

    /** What is done before a step of this kind, once. */
    private void before(Step step, Runnable what) {
        between = now -> {
            if (now == step) {
                between = any -> {};
                what.run();
            }
        };
    }

    private long alerts() throws IOException {
        PendingReader reader = new PendingReader(home.pendingAuditOfCommands());
        long alerts = 0;
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            alerts += next.get().entry().orElseThrow().event().type() == AuditType.ALERT ? 1 : 0;
        }
        return alerts;
    }

    @Test
    void bothGoSomeImagesAtATime() throws Exception {
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures()).isEmpty();
        assertThat(result.lost()).isEmpty();
        assertThat(result.erased()).hasSize(2);
        assertThat(files.get(key)).isEmpty();
        assertThat(deletedAtOnce).isEqualTo(100);
        assertThat(steps.stream().filter(step -> step == Step.DELETE)).hasSize(6);
        assertThat(alerts()).isZero();
    }

    @Test
    void aPatientWhoCameMeanwhileKeepsWhatIsLeftUntilTheNextRunAndOthersDoNot() throws Exception {
        before(Step.ORDER, () -> arrivals.put(key, NOW)); // the first study's first step has looked
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures().keySet()).singleElement().asString().contains("same patient");
        assertThat(files.get(key)).hasSize(IMAGES);
        assertThat(files.get(other)).isEmpty();
        assertThat(result.erased()).hasSize(1);
    }

    @Test
    void aPatientWhoComesBehindTheLastImageKeepsTheKeys() throws Exception {
        between = step -> {
            if (step == Step.DELETE && files.get(key).size() <= 100) {
                arrivals.put(key, NOW);
            }
        };
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(files.get(key)).isEmpty();
        assertThat(result.erased()).hasSize(1);
        assertThat(result.lost()).singleElement().satisfies(one -> assertThat(one.keys())
                .containsExactly(key));
        assertThat(alerts()).isEqualTo(1);
    }

    @Test
    void somethingOfAnUnknownPatientKeepsEverything() throws Exception {
        before(Step.ORDER, () -> arrivals.put(UUID.randomUUID(), NOW));
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures().values()).containsExactly(2L);
        assertThat(files.get(key)).hasSize(IMAGES);
        assertThat(files.get(other)).hasSize(IMAGES);
    }

    @Test
    void whatIsTakenBackAndDeletedAlreadyIsSaidAndRecorded() throws Exception {
        Approval.Handed handed = new Approval.Handed(UUID.randomUUID(), List.of(key), NOW);
        files.put(key, new ArrayList<>());
        Result result = sweep(Fate.HELD, Optional.of(handed));
        assertThat(steps).containsExactly(Step.WITHDRAW);
        assertThat(result.lost()).singleElement().satisfies(one -> {
            assertThat(one.keys()).containsExactly(key);
            assertThat(one.before()).isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
        });
        assertThat(alerts()).isEqualTo(1);
    }

    @Test
    void aPersonWhoUndoesItStopsItBetweenTwoStepsAndWhatIsGoneIsSaid() throws Exception {
        sleeper = duration -> {
            if (files.get(key).size() == IMAGES - 100) {
                undo(); // while the sweep runs
            }
        };
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.erased()).isEmpty();
        assertThat(result.failures().keySet()).singleElement().asString().contains("taken back");
        assertThat(files.get(key)).hasSize(IMAGES - 100);
        assertThat(files.get(other)).hasSize(IMAGES);
        assertThat(result.lost()).hasSize(1);
        assertThat(alerts()).isEqualTo(1);
    }

    private void undo() {
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            RetentionDesk desk = RetentionDesk.take(place(), Clock.systemUTC()); // it is free
            try (desk) {
                Approvals approvals = Approvals.read(home, keyring);
                Approval approval = approvals.all().get(0);
                if (approval.undone() == null) {
                    approvals.undo(approval, new Consent("Dr. Roe", "wait", NOW));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void itEndsWhenOrthancDoesNotAnswerThreeTimes() throws Exception {
        more = 3;
        between = step -> {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "Orthanc is gone");
        };
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures()).isEqualTo(Map.of("Orthanc is gone", 3L));
        assertThat(result.lost()).as("nothing was deleted").isEmpty();
    }

    @Test
    void oneStudyThatOrthancDoesNotAnswerForHoldsUpNoOther() throws Exception {
        before(Step.ORDER, () -> {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "images of this are arriving right now");
        });
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures()).isEqualTo(Map.of("images of this are arriving right now", 1L));
        assertThat(result.erased()).hasSize(1);
        assertThat(files.get(other)).isEmpty();
    }

    /** Home's disk fails between the deletion and the approval. */
    @Test
    void whatIsDeletedWhenHomeCannotBeReadIsSaid() throws Exception {
        Path approvals = home.retention().resolve("approvals.strs");
        before(Step.DELETE, () -> {
            try {
                Files.delete(approvals);
                Files.createDirectory(approvals);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures().keySet())
                .anySatisfy(why -> assertThat(why).contains("Home cannot be read or written"));
        assertThat(result.erased()).isEmpty();
        assertThat(result.lost()).singleElement().satisfies(one -> assertThat(one.keys())
                .containsExactly(key));
        assertThat(alerts()).isEqualTo(1);
    }

    /** A person may have missed it: it can be brought back for some weeks, and then it is gone. */
    @Test
    void whatWasTakenBackIsSaidByEachRunAndRecordedOnce() throws Exception {
        Approval.Handed handed = new Approval.Handed(UUID.randomUUID(), List.of(key), NOW);
        files.put(key, new ArrayList<>());
        assertThat(sweep(Fate.HELD, Optional.of(handed)).lost()).hasSize(1);
        Result again = sweep(Fate.HELD, Optional.empty());
        assertThat(again.lost()).extracting(RetentionSweep.Lost::keys).containsExactly(List.of(key));
        assertThat(alerts()).isEqualTo(1);
        files.put(key, images()); // undelete
        assertThat(sweep(Fate.HELD, Optional.empty()).lost()).isEmpty();
    }

    @Test
    void whatIsDeletedAndCannotBeErasedIsSaid() throws Exception {
        before(Step.APPROVE, () -> {
            throw StrongroomException.of(FailureKind.REFUSED, "a hold is on this");
        });
        Result result = sweep(Fate.DUE, Optional.empty());
        assertThat(result.failures()).isEqualTo(Map.of("a hold is on this", 1L));
        assertThat(result.lost()).singleElement().satisfies(one -> assertThat(one.keys())
                .containsExactly(key));
        assertThat(result.erased()).hasSize(1);
    }
}
