package org.strongroom.plugin.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.erase.OrthancStudies;

/** {@link OrthancStudies} by Orthanc's REST API. */
public final class SealedStudies implements OrthancStudies {
    private final IndexWalk walk;
    private final Predicate<UUID> clear;
    private final Consumer<String> delete;

    /**
     * @param clear whether Orthanc itself keeps an attachment
     * @param delete what Orthanc's REST API has at a uri
     */
    public SealedStudies(IndexWalk walk, Predicate<UUID> clear, Consumer<String> delete) {
        this.walk = walk;
        this.clear = clear;
        this.delete = delete;
    }

    @Override
    public Images images(String study) {
        List<String> instances = new ArrayList<>();
        LongAdder files = new LongAdder();
        LongAdder unsealed = new LongAdder();
        walk.locate(study, (uri, file) -> {
            unsealed.add(clear.test(file.attachment().uuid()) ? 1 : 0);
            int type = file.attachment().contentType();
            if (type == Attachment.DICOM) {
                instances.add(uri);
            }
            if (type == Attachment.DICOM || type == Attachment.DICOM_UNTIL_PIXEL_DATA) {
                files.increment();
            }
        });
        if (unsealed.sum() > 0) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc has images of this that are not sealed: no rule was asked of them")
                    .with("files", unsealed.sum())
                    .cure("strongroom status says why they stay in clear");
        }
        return new Images(instances, files.sum());
    }

    @Override
    public void delete(List<String> instances) {
        for (String uri : instances) {
            try {
                delete.accept(uri);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }
}
