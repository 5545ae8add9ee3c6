package org.strongroom.plugin.receipt;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.StorageCommitment;
import org.strongroom.plugin.inventory.IndexedInstance;

/**
 * Commits to an instance once its sealed file has the receipts of as many tiers as {@code Copies} asks for, and never
 * waits for them: decision 0029. Thread-safe.
 */
public final class Commitment implements StorageCommitment {
    private final Function<String, List<IndexedInstance>> index;
    private final Function<List<UUID>, List<UUID>> received;

    /**
     * @param index the instances with a SOPInstanceUID
     * @param received those of these sealed files that have their receipts
     */
    public Commitment(Function<String, List<IndexedInstance>> index, Function<List<UUID>, List<UUID>> received) {
        this.index = index;
        this.received = received;
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
            return received.apply(files).containsAll(files);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                return false; // the supervisor tells that the sidecar is away, once and not per instance
            }
            throw e;
        }
    }
}
