package org.strongroom.plugin.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.Remains;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.HoldEnd;
import org.strongroom.plugin.hold.HoldOrder;
import org.strongroom.plugin.hold.HoldText;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class ErasuresTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final ErasureText ROE = new ErasureText("Dr. Roe", "asked for it, letter of 12 May");
    private static final ErasureText DOE = new ErasureText("dr. doe ", "agreed");

    @TempDir
    Path folder;

    private Home home;
    private KeySource source;
    private Keyring keyring;
    private Journal journal;
    private AuditTap audit;
    private Holds holds;
    private Erasures erasures;
    private final Map<UUID, Long> living = new HashMap<>();
    private final Map<UUID, Long> waiting = new HashMap<>();
    private final Map<String, List<String>> images = new HashMap<>();
    private final Map<String, List<String>> others = new HashMap<>();
    private final List<String> deleted = new ArrayList<>();
    private final List<UUID> moved = new ArrayList<>();
    private int listings;
    private UUID key;
    private UUID second;
    private UUID other;

    @BeforeEach
    void make() throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Keyring.create(home, source, UUID.randomUUID(), CLOCK).close();
        open();
        key = keyring.studyKey(bytes("P1"), bytes("1.2.3")).id();
        second = keyring.studyKey(bytes("P1"), bytes("1.2.4")).id();
        other = keyring.studyKey(bytes("P2"), bytes("1.2.5")).id();
    }

    private void open() throws IOException {
        keyring = Keyring.open(home, source, CLOCK);
        holds = new Holds(keyring, CLOCK);
        erasures = new Erasures(keyring, holds, List.of("Dr. Roe", "Dr. Doe"), CLOCK);
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, CLOCK, entry -> {
            holds.replay(entry);
            erasures.replay(entry);
        });
        audit = AuditTap.open(home, CLOCK, RunningTime.system());
        erasures.complete(journal, audit);
    }

    @AfterEach
    void close() throws IOException {
        audit.close();
        journal.close();
        keyring.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Remains look(UUID which) {
        return new Remains(which, living.getOrDefault(which, 0L), 0, waiting.getOrDefault(which, 0L), 0, Map.of());
    }

    private void carryOut(ErasureRequest request) throws IOException {
        erasures.carryOut(request, journal, audit, this::look, orthanc());
    }

    private UUID order(UUID... keys) throws IOException {
        ErasureRequest order = ErasureOrder.order(keyring, ROE, List.of(keys));
        carryOut(order);
        return order.erasure();
    }

    /** What an approval has journaled when it dies behind its first key. */
    private void dieBehind(UUID erasure, UUID first, UUID... keys) throws IOException {
        journal.erasureApproved(
                erasure, ErasureOrder.sealed(ErasureOrder.approve(keyring, erasure, DOE, List.of(keys))));
        journal.keyDestroyed(erasure, first);
    }

    private UUID hold(String study, UUID held) throws IOException {
        HoldText text = new HoldText("court", "case 12/26", HoldText.Kind.STUDY, study);
        HoldOrder order = HoldOrder.add(keyring, text, List.of(held));
        holds.carryOut(order, journal, audit);
        return order.hold();
    }

    private FailureKind refusal(ErasureRequest request) {
        return catchThrowableOfType(StrongroomException.class, () -> carryOut(request))
                .kind();
    }

    private FailureKind refusedApproval(UUID erasure, ErasureText text, UUID... keys) {
        return refusal(ErasureOrder.approve(keyring, erasure, text, List.of(keys)));
    }

    private void requireAllThere() {
        for (UUID one : List.of(key, second, other)) {
            assertThat(keyring.isDestroyed(one)).isFalse();
        }
    }

    @Test
    void twoPeopleDestroyWhatTheyBothName() throws IOException {
        UUID erasure = order(key, second);
        assertThat(erasures.all()).singleElement().extracting(Erasure::state).isEqualTo("ordered");
        carryOut(ErasureOrder.approve(keyring, erasure, DOE, List.of(second, key)));
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(second)).isTrue();
        assertThat(keyring.isDestroyed(other)).isFalse();
        assertThat(erasures.all()).singleElement().satisfies(one -> {
            assertThat(one.state()).isEqualTo("destroyed");
            assertThat(one.ordered()).isEqualTo(ROE);
            assertThat(one.approved()).contains(DOE);
        });
        List<Erasure> before = erasures.all();
        close();
        open();
        assertThat(erasures.all().get(0).destroyed()).isEqualTo(before.get(0).destroyed());
    }

    @Test
    void nobodyDoesItAlone() throws IOException {
        UUID erasure = order(key);
        assertThat(refusedApproval(erasure, new ErasureText(" dr. ROE", "me again"), key))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(refusedApproval(erasure, new ErasureText("Dr. Who", "passing by"), key))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(refusal(ErasureOrder.order(keyring, new ErasureText("Dr. Who", "passing by"), List.of(other))))
                .isEqualTo(FailureKind.REFUSED);
        requireAllThere();
    }

    @Test
    void whatTheSecondPersonNamesMustBeWhatWasOrdered() throws IOException {
        UUID erasure = order(key, second);
        assertThat(refusedApproval(erasure, DOE, key)).isEqualTo(FailureKind.REFUSED);
        assertThat(refusedApproval(erasure, DOE, key, second, other)).isEqualTo(FailureKind.REFUSED);
        assertThat(refusedApproval(UUID.randomUUID(), DOE, key, second)).isEqualTo(FailureKind.NOT_FOUND);
        requireAllThere();
    }

    @Test
    void whatOrthancStillHasIsNotDestroyed() throws IOException {
        UUID erasure = order(key, second);
        living.put(second, 1L);
        assertThat(refusedApproval(erasure, DOE, key, second)).isEqualTo(FailureKind.REFUSED);
        requireAllThere();
        living.clear();
        carryOut(ErasureOrder.approve(keyring, erasure, DOE, List.of(key, second)));
        assertThat(keyring.isDestroyed(key)).isTrue();
    }

    @Test
    void whatNobodyCanTellIsNotDestroyed() throws IOException {
        UUID erasure = order(key);
        assertThatThrownBy(() -> erasures.carryOut(
                        ErasureOrder.approve(keyring, erasure, DOE, List.of(key)),
                        journal,
                        audit,
                        this::unknown,
                        orthanc()))
                .hasMessageContaining("rebuilding");
        assertThatThrownBy(() -> erasures.carryOut(
                        ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files()),
                        journal,
                        audit,
                        this::unknown,
                        orthanc()))
                .hasMessageContaining("rebuilding");
        requireAllThere();
        assertThat(deleted).isEmpty();
    }

    private Remains unknown(UUID which) {
        throw StrongroomException.of(FailureKind.UNAVAILABLE, "rebuilding").with("key", which);
    }

    @Test
    void orthancDeletesWhatTwoWantErasedAndNoKeyIsDestroyedByThat() throws IOException {
        images.put(study("P1", "1.2.3"), List.of("/instances/a", "/instances/b"));
        images.put(study("P1", "1.2.4"), List.of("/instances/c"));
        images.put(study("P2", "1.2.5"), List.of("/instances/d"));
        living.put(key, 2L);
        living.put(second, 1L);
        UUID erasure = order(key, second);
        carryOut(ErasureOrder.delete(keyring, erasure, DOE, List.of(key, second), files()));
        assertThat(deleted).containsExactlyInAnyOrder("/instances/a", "/instances/b", "/instances/c");
        requireAllThere();
        assertThat(keyring.studyKey(bytes("P1"), bytes("1.2.3")).id())
                .as("what comes from then on is not in the order")
                .isNotEqualTo(key);
        assertThat(refusedApproval(erasure, DOE, key, second)).isEqualTo(FailureKind.REFUSED);
    }

    @Test
    void aFileThatNobodyLookedAtKeepsItsStudyWhateverTheNumbersAre() throws IOException {
        String name = study("P1", "1.2.3");
        images.put(name, List.of("/instances/a", "/instances/b"));
        living.put(key, 2L);
        UUID erasure = order(key);
        ErasureRequest looked = ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files());
        images.put(name, List.of("/instances/a", "/instances/anew"));
        assertThat(refusal(looked)).as("as many, but one was sent anew").isEqualTo(FailureKind.REFUSED);
        images.put(name, List.of("/instances/a", "/instances/b"));
        others.put(name, List.of("a report that somebody attached"));
        living.put(key, 4L); // an orphan and what DICOMweb remembers
        assertThat(refusal(looked)).as("fewer than these keys sealed").isEqualTo(FailureKind.REFUSED);
        living.put(key, 3L);
        assertThat(refusal(looked)).as("as many as these keys sealed").isEqualTo(FailureKind.REFUSED);
        others.clear();
        assertThat(refusal(looked))
                .as("a file of these keys is not in Orthanc's list: they could not be destroyed")
                .isEqualTo(FailureKind.REFUSED);
        images.put(name, List.of("/instances/a"));
        assertThat(refusal(looked)).isEqualTo(FailureKind.REFUSED);
        assertThat(deleted).isEmpty();
        living.put(key, 1L);
        carryOut(looked);
        assertThat(deleted).as("somebody deleted the other").containsExactly("/instances/a");
    }

    /** Listing it before each of its images' hundreds would take hours. */
    @Test
    void aLargeStudyIsListedBeforeItsFirstImagesAndBeforeItsLast() throws IOException {
        int at = OrthancDeletion.AT_ONCE;
        int many = 4 * at + 1;
        List<String> all =
                IntStream.range(0, many).mapToObj(i -> "/instances/" + i).toList();
        images.put(study("P1", "1.2.3"), all);
        UUID erasure = order(key);
        ErasureRequest delete = ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files());
        List<Integer> walks = new ArrayList<>();
        for (int expected : List.of(at, 2 * at, 3 * at, 4 * at, many)) {
            images.put(study("P1", "1.2.3"), all.subList(deleted.size(), many));
            living.put(key, (long) many - deleted.size());
            carryOut(delete);
            assertThat(deleted).isEqualTo(all.subList(0, expected));
            walks.add(listings);
        }
        int once = walks.get(0);
        assertThat(once).isPositive();
        assertThat(walks).containsExactly(once, once, once, once, 2 * once);
    }

    @Test
    void whatCameToALargeStudyMeanwhileKeepsItsLastImages() throws IOException {
        int at = OrthancDeletion.AT_ONCE;
        List<String> all =
                IntStream.range(0, at + 1).mapToObj(i -> "/instances/" + i).toList();
        String name = study("P1", "1.2.3");
        images.put(name, all);
        living.put(key, at + 1L);
        UUID erasure = order(key);
        ErasureRequest delete = ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files());
        carryOut(delete);
        images.put(name, List.of(all.get(at), "/instances/new"));
        living.put(key, 1L);
        assertThat(refusal(delete)).isEqualTo(FailureKind.REFUSED);
        assertThat(deleted).hasSize(at);
    }

    @Test
    void orthancDeletesNothingThatOneWantsOrNobodyOrThatIsHeld() throws IOException {
        images.put(study("P1", "1.2.3"), List.of("/instances/a"));
        living.put(key, 1L);
        UUID erasure = order(key);
        for (ErasureText text : List.of(ROE, new ErasureText("Dr. Who", "why not"))) {
            assertThat(refusal(ErasureOrder.delete(keyring, erasure, text, List.of(key), files())))
                    .isEqualTo(FailureKind.REFUSED);
        }
        assertThat(refusal(ErasureOrder.delete(keyring, erasure, DOE, List.of(key, second), files())))
                .as("another thing than was ordered")
                .isEqualTo(FailureKind.REFUSED);
        assertThat(refusal(ErasureOrder.delete(keyring, UUID.randomUUID(), DOE, List.of(key), files())))
                .isEqualTo(FailureKind.NOT_FOUND);
        hold("1.2.3", key);
        assertThat(refusal(ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files())))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(deleted).isEmpty();
    }

    @Test
    void aStudyOfWhichMoreCameThanWasOrderedIsNotDeleted() throws IOException {
        images.put(study("P1", "1.2.3"), List.of("/instances/a", "/instances/b"));
        living.put(key, 2L);
        UUID erasure = order(key);
        keyring.retire(key);
        UUID later = keyring.studyKey(bytes("P1"), bytes("1.2.3")).id();
        ErasureRequest delete = ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files());
        living.put(later, 1L);
        assertThat(refusal(delete)).isEqualTo(FailureKind.REFUSED);
        living.remove(later);
        assertThat(keyring.enter(later)).isTrue();
        assertThat(refusal(delete)).as("one is arriving").isEqualTo(FailureKind.REFUSED);
        assertThat(deleted).isEmpty();
        keyring.leave(later);
        carryOut(delete);
        assertThat(deleted).as("somebody deleted it").hasSize(2);
    }

    @Test
    void withoutOrthancNothingIsDeletedInIt() throws IOException {
        UUID erasure = order(key);
        assertThatThrownBy(() -> erasures.carryOut(
                        ErasureOrder.delete(keyring, erasure, DOE, List.of(key), files()),
                        journal,
                        audit,
                        this::look,
                        Optional.empty()))
                .hasMessageContaining("no Orthanc runs");
    }

    /** What somebody has looked at. */
    private List<UUID> files() {
        return images.values().stream()
                .flatMap(List::stream)
                .map(ErasuresTest::file)
                .toList();
    }

    private static UUID file(String what) {
        return UUID.nameUUIDFromBytes(bytes(what));
    }

    private static String study(String patient, String study) {
        return OrthancId.ofStudy(bytes(patient), bytes(study)).iterator().next();
    }

    /** One that has {@link #images}. */
    private Optional<Erasures.Running> orthanc() {
        return Optional.of(new Erasures.Running(studies(), this::move));
    }

    private int move(UUID which) {
        long files = living.getOrDefault(which, 0L);
        living.put(which, 0L);
        moved.add(which);
        return (int) files;
    }

    private OrthancStudies studies() {
        return new OrthancStudies() {
            @Override
            public Images images(String study) {
                listings++;
                List<String> here = images.getOrDefault(study, List.of());
                Set<UUID> files = Stream.concat(here.stream(), others.getOrDefault(study, List.of()).stream())
                        .map(ErasuresTest::file)
                        .collect(Collectors.toSet());
                return new Images(here, files);
            }

            @Override
            public void delete(List<String> gone, Set<UUID> files) {
                deleted.addAll(gone);
            }
        };
    }

    @Test
    void whatStaysGetsAnotherKeyAndItsReceiptsBeforeTheFormerOneIsDestroyed() throws IOException {
        living.put(key, 2L);
        UUID erasure = order(key);
        assertThat(refusedApproval(erasure, DOE, key))
                .as("it has living images")
                .isEqualTo(FailureKind.REFUSED);
        carryOut(ErasureOrder.move(keyring, ROE, List.of(key)));
        assertThat(moved).containsExactly(key);
        assertThat(keyring.enter(key)).as("nothing more is sealed with it").isFalse();
        UUID next = keyring.studyKey(bytes("P1"), bytes("1.2.3")).id();
        waiting.put(key, 1L);
        assertThat(refusedApproval(erasure, DOE, key)).as("one is nowhere else").isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(keyring.isDestroyed(key)).isFalse();
        waiting.put(key, 0L);
        carryOut(ErasureOrder.approve(keyring, erasure, DOE, List.of(key)));
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(next)).isFalse();
    }

    @Test
    void nothingMovesUnderAHoldOrWhileItArrivesOrByAForeignOrderOrWithoutOrthanc() throws IOException {
        living.put(key, 2L);
        UUID hold = hold("1.2.3", key);
        ErasureRequest move = ErasureOrder.move(keyring, ROE, List.of(key));
        assertThat(refusal(move)).isEqualTo(FailureKind.REFUSED);
        assertThat(keyring.enter(key)).as("still open").isTrue();
        holds.carryOut(HoldOrder.end(keyring, hold, new HoldEnd("court", "closed")), journal, audit);
        assertThat(refusal(move)).as("something arrives").isEqualTo(FailureKind.UNAVAILABLE);
        keyring.leave(key);
        assertThat(refusal(new ErasureRequest(move.erasure(), move.step(), move.text(), List.of(second))))
                .as("another key than was meant")
                .isEqualTo(FailureKind.REFUSED);
        UUID single = keyring.attachmentKey().id();
        assertThat(refusal(ErasureOrder.move(keyring, ROE, List.of(single)))).isEqualTo(FailureKind.REFUSED);
        assertThatThrownBy(() -> erasures.carryOut(move, journal, audit, this::look, Optional.empty()))
                .hasMessageContaining("no Orthanc runs");
        assertThat(moved).isEmpty();
        carryOut(move);
        assertThat(moved).containsExactly(key);
    }

    @Test
    void whatIsArrivingIsNotDestroyedAndWhatComesLaterHasAnotherKey() throws IOException {
        UUID erasure = order(key);
        assertThat(keyring.enter(key)).isTrue();
        assertThat(refusedApproval(erasure, DOE, key)).isEqualTo(FailureKind.UNAVAILABLE);
        requireAllThere();
        assertThat(keyring.enter(key)).as("closed from then on").isFalse();
        UUID next = keyring.studyKey(bytes("P1"), bytes("1.2.3")).id();
        assertThat(next).isNotEqualTo(key);
        keyring.leave(key);
        carryOut(ErasureOrder.approve(keyring, erasure, DOE, List.of(key)));
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(next)).isFalse();
    }

    @Test
    void holdsComeFirst() throws IOException {
        UUID erasure = order(key, second);
        HoldText text = new HoldText("court", "case 12/26", HoldText.Kind.STUDY, "1.2.4");
        holds.carryOut(HoldOrder.add(keyring, text, List.of(second)), journal, audit);
        assertThat(refusedApproval(erasure, DOE, key, second)).isEqualTo(FailureKind.REFUSED);
        assertThat(refusal(ErasureOrder.order(keyring, ROE, List.of(second)))).isEqualTo(FailureKind.REFUSED);
        UUID tenant = keyring.owners().tenantOf(other).orElseThrow();
        HoldText all = new HoldText("court", "case 13/26", HoldText.Kind.TENANT, "clinic");
        holds.carryOut(HoldOrder.add(keyring, all, List.of(tenant)), journal, audit);
        assertThat(refusal(ErasureOrder.order(keyring, ROE, List.of(other)))).isEqualTo(FailureKind.REFUSED);
        requireAllThere();
    }

    @Test
    void whatIsWithdrawnIsNotCarriedOut() throws IOException {
        UUID erasure = order(key);
        carryOut(ErasureOrder.withdraw(keyring, erasure, DOE));
        assertThat(refusedApproval(erasure, DOE, key)).isEqualTo(FailureKind.NOT_FOUND);
        requireAllThere();
        UUID again = order(key);
        carryOut(ErasureOrder.approve(keyring, again, DOE, List.of(key)));
        assertThat(refusal(ErasureOrder.withdraw(keyring, again, ROE))).isEqualTo(FailureKind.REFUSED);
    }

    @Test
    void aCrashAfterTheFirstKeyIsGoneOnWithAndOneBeforeItDestroysNothing() throws IOException {
        UUID erasure = order(key, second);
        close();
        open();
        requireAllThere();
        dieBehind(erasure, key, key, second); // nothing was done to the keyring
        close();
        open();
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(second)).isTrue();
        assertThat(keyring.isDestroyed(other)).isFalse();
        assertThat(erasures.all().get(0).state()).isEqualTo("destroyed");
    }

    @Test
    void aDestroyedKeyIsRecordedWhereverAKillFalls() throws IOException {
        UUID erasure = order(key, second);
        carryOut(ErasureOrder.approve(keyring, erasure, DOE, List.of(key, second)));
        assertThat(recordedAsDestroyed()).containsExactlyInAnyOrder(key, second);
        UUID cut = order(other);
        dieBehind(cut, other, other);
        assertThat(recordedAsDestroyed()).doesNotContain(other);
        close();
        open();
        assertThat(keyring.isDestroyed(other)).isTrue();
        assertThat(recordedAsDestroyed()).containsExactlyInAnyOrder(key, second, other);
        close();
        open();
        assertThat(recordedAsDestroyed()).as("no start records it again").hasSize(3);
    }

    /** A kill may come between any two steps: what cannot be recorded is not done. */
    @Test
    void nothingIsOrderedApprovedOrWithdrawnThatIsNotRecorded() throws IOException {
        ErasureRequest order = ErasureOrder.order(keyring, ROE, List.of(key));
        audit.close();
        assertThat(refusal(order)).isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(erasures.all()).isEmpty();
        close();
        open();
        carryOut(order);
        for (ErasureRequest next : List.of(
                ErasureOrder.approve(keyring, order.erasure(), DOE, List.of(key)),
                ErasureOrder.withdraw(keyring, order.erasure(), DOE))) {
            audit.close();
            assertThat(refusal(next)).isEqualTo(FailureKind.UNAVAILABLE);
            close();
            open();
            assertThat(keyring.isDestroyed(key)).isFalse();
        }
        carryOut(ErasureOrder.approve(keyring, order.erasure(), DOE, List.of(key)));
        assertThat(keyring.isDestroyed(key)).isTrue();
    }

    /** Else the log would say that somebody agreed, or took back, what nobody did. */
    @Test
    void whatTheJournalDidNotTakeIsRecordedAsFailed() throws IOException {
        UUID erasure = order(key);
        journal.close();
        assertThatThrownBy(() -> carryOut(ErasureOrder.withdraw(keyring, erasure, ROE)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> order(other)).isInstanceOf(IOException.class);
        List<String> steps = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAudit());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            AuditEvent event = next.get().entry().orElseThrow().event();
            steps.add(event.outcome() + " " + event.details().get("step"));
        }
        assertThat(steps)
                .containsExactly(
                        "SUCCESS order", "SUCCESS withdraw", "FAILURE withdraw", "SUCCESS order", "FAILURE order");
    }

    @Test
    void aKeyOfWhichNoEventCanBeWrittenIsDestroyedAtTheNextStart() throws IOException {
        UUID erasure = order(key);
        ErasureRequest approval = ErasureOrder.approve(keyring, erasure, DOE, List.of(key));
        carryOut(ErasureOrder.withdraw(keyring, order(other), ROE));
        journal.erasureApproved(erasure, ErasureOrder.sealed(approval));
        journal.keyDestroyed(erasure, key);
        audit.close(); // a disk that is gone
        Erasures next = new Erasures(keyring, holds, List.of("Dr. Roe", "Dr. Doe"), CLOCK);
        journal.close();
        journal = Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, CLOCK, next::replay);
        assertThatThrownBy(() -> next.complete(journal, audit)).isInstanceOf(Exception.class);
        assertThat(keyring.isDestroyed(key))
                .as("nothing goes that nobody could read of")
                .isFalse();
        close();
        open();
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(recordedAsDestroyed()).containsExactly(key);
    }

    private List<UUID> recordedAsDestroyed() throws IOException {
        List<UUID> keys = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAudit());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            next.get()
                    .entry()
                    .map(entry -> entry.event().details())
                    .filter(details -> "true".equals(details.get("destroyed")))
                    .ifPresent(details -> keys.add(UUID.fromString(details.get("key"))));
        }
        return keys;
    }

    @Test
    void whatAHoldKeptBackAfterACrashNeedsANewOrder() throws IOException {
        UUID erasure = order(key, second);
        dieBehind(erasure, key, key, second);
        UUID hold = hold("1.2.4", second);
        close();
        open();
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(second)).isFalse();
        holds.carryOut(HoldOrder.end(keyring, hold, new HoldEnd("court", "closed")), journal, audit);
        assertThat(refusedApproval(erasure, DOE, key, second)).isEqualTo(FailureKind.NOT_FOUND);
        close();
        open();
        assertThat(keyring.isDestroyed(second)).as("the hold is over").isFalse();
        assertThat(refusedApproval(erasure, DOE, key, second)).isEqualTo(FailureKind.NOT_FOUND);
        assertThat(erasures.all().get(0).state()).isEqualTo("partly destroyed");
        assertThat(erasures.all().get(0).destroyed()).containsExactly(key);
        UUID again = order(second);
        carryOut(ErasureOrder.approve(keyring, again, DOE, List.of(second)));
        assertThat(keyring.isDestroyed(second)).isTrue();
    }

    @Test
    void aTenantsHoldThatWasOverBeforeTheNextStartKeepsWhatIsLeftToo() throws IOException {
        UUID erasure = order(key, second);
        dieBehind(erasure, key, key, second);
        HoldText text = new HoldText("court", "case 13/26", HoldText.Kind.TENANT, "clinic");
        HoldOrder all = HoldOrder.add(
                keyring, text, List.of(keyring.owners().tenantOf(second).orElseThrow()));
        holds.carryOut(all, journal, audit);
        holds.carryOut(HoldOrder.end(keyring, all.hold(), new HoldEnd("court", "closed")), journal, audit);
        close();
        open();
        assertThat(keyring.isDestroyed(key)).isTrue();
        assertThat(keyring.isDestroyed(second)).isFalse();
    }

    @Test
    void whoeverCarriesAnOrderCannotHaveItMeanOtherKeys() throws IOException {
        ErasureRequest order = ErasureOrder.order(keyring, ROE, List.of(key, second));
        assertThat(refusal(new ErasureRequest(
                        order.erasure(), ErasureRequest.Step.ORDER, order.text(), List.of(key, other))))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(refusal(new ErasureRequest(order.erasure(), ErasureRequest.Step.ORDER, order.text(), List.of(key))))
                .isEqualTo(FailureKind.REFUSED);
        assertThat(erasures.all()).isEmpty();
        carryOut(order);
        ErasureRequest approval = ErasureOrder.approve(keyring, order.erasure(), DOE, List.of(other));
        assertThat(refusal(new ErasureRequest(
                        order.erasure(), ErasureRequest.Step.APPROVE, approval.text(), List.of(key, second))))
                .isEqualTo(FailureKind.REFUSED);
        requireAllThere();
    }

    @Test
    void aJournalThatNamesOtherKeysThanTheOrderDestroysNothing() throws IOException {
        ErasureRequest order = ErasureOrder.order(keyring, ROE, List.of(key));
        UUID erasure = order.erasure();
        journal.erasure(erasure, ErasureOrder.sealed(order));
        journal.toBeErased(erasure, other);
        close();
        open();
        assertThat(refusedApproval(erasure, DOE, other)).isEqualTo(FailureKind.REFUSED);
        requireAllThere();
        dieBehind(erasure, other, other);
        close();
        assertThatThrownBy(this::open).hasMessageContaining("nobody ordered and approved");
        requireAllThere();
    }

    @Test
    void noOrderIsMadeWithoutTheKeysNorOfAnotherStep() throws IOException {
        UUID erasure = order(key);
        ErasureRequest approval = ErasureOrder.approve(keyring, erasure, DOE, List.of(key));
        ErasureRequest withdrawal = ErasureOrder.withdraw(keyring, erasure, DOE);
        assertThat(refusal(new ErasureRequest(erasure, ErasureRequest.Step.APPROVE, withdrawal.text(), List.of(key))))
                .isEqualTo(FailureKind.CORRUPT);
        assertThat(refusal(new ErasureRequest(
                        UUID.randomUUID(), ErasureRequest.Step.APPROVE, approval.text(), List.of(key))))
                .isEqualTo(FailureKind.CORRUPT);
        requireAllThere();
    }

    @Test
    void nothingOfItIsInClear() throws IOException {
        order(key);
        String written = Files.readString(home.journal().resolve("00000001.strj"), StandardCharsets.ISO_8859_1);
        assertThat(written).doesNotContain("Dr. Roe").doesNotContain("letter");
        assertThat(ROE.toString()).isEqualTo("***");
    }
}
