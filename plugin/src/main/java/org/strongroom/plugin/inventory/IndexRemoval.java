package org.strongroom.plugin.inventory;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Has Orthanc delete what it deleted before, where its index is from before that. Walks the whole index each time. Thread-safe. */
public final class IndexRemoval {
    private final IndexWalk walk;
    private final Consumer<String> delete;

    /** @param delete what Orthanc's REST API has at a uri */
    public IndexRemoval(IndexWalk walk, Consumer<String> delete) {
        this.walk = walk;
        this.delete = delete;
    }

    /**
     * Deletes these attachments, an image's with the whole instance; those that the index does not know are gone already.
     *
     * @throws StrongroomException if Orthanc refuses one
     */
    public void remove(Collection<UUID> attachments) {
        Set<UUID> wanted = new HashSet<>(attachments);
        Set<String> uris = new LinkedHashSet<>();
        walk.locate((uri, file) -> {
            if (wanted.contains(file.attachment().uuid())) {
                uris.add(uri);
            }
        });
        for (String uri : uris) {
            try {
                delete.accept(uri);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e; // what went with its instance is gone already
                }
            }
        }
    }
}
