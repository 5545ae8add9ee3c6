package org.strongroom.plugin.snapshot;

import java.nio.file.Path;
import org.strongroom.core.home.Home;

/**
 * State files of Home that a snapshot keeps beside the index (format.md §10). Not among them, on purpose: what somebody took back since must
 * not be good again, so neither links that share a study nor approvals of plans; and who is logged in.
 */
public enum KeptBeside {
    /** Second factors, recovery codes, acknowledgements. App tokens in it are not taken over by a recovery. */
    ACCOUNTS(SnapshotContents.ACCOUNTS),
    /** What plans told of studies: without it a study could go earlier than somebody was told. */
    RETENTION_TOLD(SnapshotContents.RETENTION_TOLD),
    /** What nobody has reviewed yet must not be forgotten. */
    EMERGENCIES(SnapshotContents.EMERGENCIES);

    private final String file;

    KeptBeside(String file) {
        this.file = file;
    }

    /** The name in a snapshot. */
    public String file() {
        return file;
    }

    /** Where it is in Home. */
    public Path in(Home home) {
        return this == RETENTION_TOLD
                ? home.retention().resolve("told.strs")
                : home.login().resolve(file);
    }
}
