package org.strongroom.plugin.offline.unseal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.control.IndexLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.takeover.KeptInClear;

/**
 * Holds Orthanc's StorageDirectory against Orthanc's index: what the index knows is there, whole, or it is told. The sidecar's own list
 * cannot prove that: what it never took in, or lost, is not in it. A clear file that was never sealed because it is not what the index says
 * is told as well. For one thread.
 */
final class IndexProof {
    private final ClearFolder folder;
    private final Set<UUID> known;
    private final KeptInClear kept;
    private final List<NotClear> missing = new ArrayList<>();

    /**
     * @param known what is not looked for: it will be written, or was told already
     * @param kept what the plugin left in clear, and why
     */
    IndexProof(ClearFolder folder, Set<UUID> known, KeptInClear kept) {
        this.folder = folder;
        this.kept = kept;
        this.known = known;
    }

    void look(IndexLine line) throws IOException {
        if (known.contains(line.attachment())) {
            return;
        }
        OptionalLong size = folder.size(line.attachment());
        if (size.isEmpty()) {
            missing.add(new NotClear(
                    line.attachment(),
                    StrongroomException.of(
                                    FailureKind.NOT_FOUND,
                                    "Orthanc's index knows it, and it is neither sealed nor in clear")
                            .cure("Start Orthanc with Strongroom, and run: strongroom fsck")));
        } else if (size.getAsLong() != line.bytes()) {
            missing.add(new NotClear(
                    line.attachment(),
                    StrongroomException.of(
                                    FailureKind.CORRUPT, "its clear file has another size than Orthanc's index says")
                            .cure("Put the file of a backup in its place")));
        } else {
            kept.left(line.attachment(), folder.stamp(line.attachment()))
                    .filter(why -> why.kind() == FailureKind.CORRUPT)
                    .ifPresent(why -> missing.add(new NotClear(
                            line.attachment(),
                            StrongroomException.of(FailureKind.CORRUPT, why.message())
                                    .cure(why.cure()))));
        }
    }

    List<NotClear> missing() {
        return missing;
    }
}
