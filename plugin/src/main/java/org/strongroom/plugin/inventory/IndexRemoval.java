package org.strongroom.plugin.inventory;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Has Orthanc delete what it deleted before, where its index is that of a snapshot from before that. Walks the whole index each time.
 * Thread-safe.
 */
public final class IndexRemoval {
    private final IndexWalk walk;
    private final UnaryOperator<UUID> sealed;
    private final Consumer<String> delete;
    private final Recovery recovery;

    /**
     * @param sealed under which uuid an attachment of the index is sealed
     * @param delete what Orthanc's REST API has at a uri
     */
    public IndexRemoval(IndexWalk walk, UnaryOperator<UUID> sealed, Consumer<String> delete, Recovery recovery) {
        this.walk = walk;
        this.sealed = sealed;
        this.delete = delete;
        this.recovery = recovery;
    }

    /** Whether a recovery goes on whose index is that of a snapshot: at any other time Orthanc's index knows best. */
    @FunctionalInterface
    public interface Recovery {
        boolean goesOn() throws IOException;
    }

    /**
     * Deletes these attachments, an image's with the whole instance; those that the index does not know are gone already. One that is
     * not deleted holds up no other.
     *
     * @param attachments the uuids that they are sealed under
     * @throws StrongroomException REFUSED if no recovery goes on; the first failure, after all were tried
     */
    public void remove(Collection<UUID> attachments) throws IOException {
        if (!recovery.goesOn()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "only a recovery deletes again what Orthanc lists and once removed")
                    .cure("Download the image from Orthanc, delete it there and upload it again");
        }
        Set<UUID> wanted = new HashSet<>(attachments);
        Set<String> uris = new LinkedHashSet<>();
        walk.locate((uri, file) -> {
            if (wanted.contains(sealed.apply(file.attachment().uuid()))) {
                uris.add(uri);
            }
        });
        StrongroomException failed = null;
        for (String uri : uris) {
            try {
                delete.accept(uri);
            } catch (StrongroomException e) {
                // What went with its instance is gone already.
                if (e.kind() != FailureKind.NOT_FOUND && failed == null) {
                    failed = e;
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
