package org.strongroom.plugin.inventory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.erase.OrthancStudies;

/** {@link OrthancStudies} by Orthanc's REST API. */
public final class SealedStudies implements OrthancStudies {
    private final IndexWalk walk;
    private final UnaryOperator<UUID> sealed;
    private final Predicate<UUID> clear;
    private final Consumer<String> delete;

    /**
     * @param sealed under which uuid an attachment of the index is sealed
     * @param clear whether Orthanc itself keeps an attachment
     * @param delete what Orthanc's REST API has at a uri
     */
    public SealedStudies(IndexWalk walk, UnaryOperator<UUID> sealed, Predicate<UUID> clear, Consumer<String> delete) {
        this.walk = walk;
        this.sealed = sealed;
        this.clear = clear;
        this.delete = delete;
    }

    @Override
    public Images images(String study) {
        List<String> instances = new ArrayList<>();
        Set<UUID> files = new HashSet<>();
        LongAdder unsealed = new LongAdder();
        walk.locateWithPatient(study, (uri, file) -> {
            if (isClear(file)) {
                unsealed.increment();
            }
            files.add(sealed.apply(file.attachment().uuid()));
            if (file.attachment().contentType() == Attachment.DICOM) {
                instances.add(uri);
            }
        });
        if (unsealed.sum() > 0) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc has images of this that are not sealed: no rule was asked of them")
                    .with("files", unsealed.sum())
                    .cure("strongroom status says why they stay in clear");
        }
        return new Images(instances, files);
    }

    /** Under its own name, or that of what has the same bytes. */
    private boolean isClear(IndexedFile file) {
        UUID name = file.attachment().uuid();
        return clear.test(name) || clear.test(sealed.apply(name));
    }

    private void requireOnly(String uri, Set<UUID> files) {
        List<IndexedFile> others = new ArrayList<>();
        walk.attachments(uri, (at, file) -> {
            if (isClear(file) || !files.contains(sealed.apply(file.attachment().uuid()))) {
                others.add(file);
            }
        });
        if (!others.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "an image was sent anew while its study was being deleted")
                    .cure("It stays; what is gone of the study comes back with strongroom undelete");
        }
    }

    @Override
    public void delete(List<String> instances, Set<UUID> files) {
        for (String uri : instances) {
            try {
                requireOnly(uri, files);
                delete.accept(uri);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }
}
