package org.strongroom.plugin.receipt;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.bridge.StorageCommitment;
import org.strongroom.plugin.inventory.IndexedInstance;

/**
 * Commits to an instance once its sealed file has the receipts of as many tiers as {@code Copies} asks for. Who asks has sent
 * everything, so what waits of the study is shipped at once, and that is waited for as long as a fast tier takes: decision 0029.
 * Asked by one thread; not thread-safe.
 */
public final class Commitment implements StorageCommitment {
    /** Enough for a study in a folder or over a local network. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** After patience was in vain: nobody waits in this time, so that a thousand images do not wait one after the other. */
    static final Duration NO_PATIENCE = Duration.ofMinutes(2);

    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final Function<String, List<IndexedInstance>> index;
    private final Receipts receipts;
    private final RunningTime time;
    private final Sleeper sleeper;
    private Duration patientFrom;

    /** Asks the sidecar. */
    @FunctionalInterface
    public interface Receipts {
        /** Those of these sealed files that have their receipts; {@code whole}: what waits of their studies is shipped now. */
        List<UUID> of(List<UUID> files, boolean whole);
    }

    /** @param index the instances with a SOPInstanceUID */
    public Commitment(
            Function<String, List<IndexedInstance>> index, Receipts receipts, RunningTime time, Sleeper sleeper) {
        this.index = index;
        this.receipts = receipts;
        this.time = time;
        this.sleeper = sleeper;
        this.patientFrom = time.now();
    }

    @Override
    public Answer of(String sopClass, String sopInstance) {
        List<IndexedInstance> known = index.apply(sopInstance);
        if (known.isEmpty()) {
            return Answer.NO_SUCH_INSTANCE;
        }
        List<IndexedInstance> meant = known.stream()
                .filter(instance ->
                        instance.sopClass().isEmpty() || instance.sopClass().equals(sopClass))
                .toList();
        if (meant.isEmpty()) {
            return Answer.CLASS_CONFLICT;
        }
        // Nobody can tell which of several the sender means: all of them.
        List<UUID> files = meant.stream().map(IndexedInstance::attachment).toList();
        return haveReceipts(files) ? Answer.COMMITTED : Answer.PROCESSING_FAILURE;
    }

    private boolean haveReceipts(List<UUID> files) {
        try {
            return receipts.of(files, false).containsAll(files) || comeSoon(files);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                return false; // the supervisor tells that the sidecar is away, once and not per instance
            }
            throw e;
        }
    }

    private boolean comeSoon(List<UUID> files) throws InterruptedException {
        Duration began = time.now();
        if (began.compareTo(patientFrom) < 0) {
            return false;
        }
        patientFrom = began.plus(NO_PATIENCE);
        boolean received = receipts.of(files, true).containsAll(files);
        while (!received && time.now().minus(began).compareTo(PATIENCE) < 0) {
            sleeper.sleep(BETWEEN);
            received = receipts.of(files, false).containsAll(files);
        }
        if (received) {
            patientFrom = began;
        }
        return received;
    }
}
