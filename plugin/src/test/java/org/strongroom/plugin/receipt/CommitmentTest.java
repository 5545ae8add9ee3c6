package org.strongroom.plugin.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.StorageCommitment.Answer;
import org.strongroom.plugin.inventory.IndexedInstance;

/** What a modality is told that wants to delete its copy: yes only for receipts of everything that it may mean. */
class CommitmentTest {
    private static final String CLASS = "1.2.840.10008.5.1.4.1.1.2";
    private static final String INSTANCE = "1.2.3";

    private final List<IndexedInstance> index = new ArrayList<>();
    private final Set<UUID> received = new HashSet<>();
    private final List<Duration> whenShipped = new ArrayList<>();
    private FailureKind away;
    private Duration now = Duration.ZERO;
    private Duration line = Duration.ofDays(1);

    private final Commitment commitment = new Commitment(
            instance -> {
                assertThat(instance).isEqualTo(INSTANCE);
                return index;
            },
            (files, whole) -> {
                if (away != null) {
                    throw StrongroomException.of(away, "no answer");
                }
                if (whole) {
                    whenShipped.add(now.plus(line));
                }
                if (whenShipped.stream().anyMatch(at -> at.compareTo(now) <= 0)) {
                    received.addAll(files);
                }
                return files.stream().filter(received::contains).toList();
            },
            () -> now,
            pause -> now = now.plus(pause));

    private UUID indexed(String sopClass) {
        UUID file = UUID.randomUUID();
        index.add(new IndexedInstance(sopClass, file));
        return file;
    }

    private Answer asked() {
        return commitment.of(CLASS, INSTANCE);
    }

    @Test
    void onlyReceiptsAreAYes() {
        UUID file = indexed(CLASS);
        assertThat(asked()).isEqualTo(Answer.PROCESSING_FAILURE);
        received.add(file);
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
    }

    @Test
    void theQuestionHasItShippedAndAFastTierIsWaitedFor() {
        indexed(CLASS);
        line = Duration.ofSeconds(3);
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
        assertThat(now).isBetween(line, line.plusSeconds(1));
    }

    @Test
    void aSlowLineIsWaitedForOnceAndNotForEachOfManyImages() {
        indexed(CLASS);
        for (int i = 0; i < 1000; i++) {
            assertThat(asked()).isEqualTo(Answer.PROCESSING_FAILURE);
        }
        assertThat(now).isBetween(Commitment.PATIENCE, Commitment.PATIENCE.plusSeconds(1));
        assertThat(whenShipped).hasSize(1);

        now = now.plus(Commitment.NO_PATIENCE);
        line = Duration.ofSeconds(3);
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
    }

    @Test
    void whatIsNotHereIsToBeSentAgain() {
        assertThat(asked()).isEqualTo(Answer.NO_SUCH_INSTANCE);
    }

    @Test
    void anotherClassIsAConflictWhateverItsReceipts() {
        received.add(indexed("1.2.840.10008.5.1.4.1.1.4"));
        assertThat(asked()).isEqualTo(Answer.CLASS_CONFLICT);
    }

    @Test
    void anIndexThatDoesNotTellTheClassIsBelieved() {
        received.add(indexed(""));
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
    }

    @Test
    void severalUnderOneUidNeedAllTheirReceipts() {
        received.add(indexed(CLASS));
        UUID other = indexed(CLASS);
        assertThat(asked()).isEqualTo(Answer.PROCESSING_FAILURE);
        received.add(other);
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
        indexed("1.2.840.10008.5.1.4.1.1.4"); // cannot be meant
        assertThat(asked()).isEqualTo(Answer.COMMITTED);
    }

    @Test
    void aSidecarThatIsAwayIsANoForNow() {
        received.add(indexed(CLASS));
        away = FailureKind.UNAVAILABLE;
        assertThat(asked()).isEqualTo(Answer.PROCESSING_FAILURE);
        away = FailureKind.BUG; // the bridge logs it and says no
        assertThatExceptionOfType(StrongroomException.class).isThrownBy(this::asked);
    }
}
