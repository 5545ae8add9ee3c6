package org.strongroom.sidecar.seed;

import org.strongroom.core.control.SeedReconciled;

/** Counts what was found where. For one thread. */
final class Tally {
    private long found;
    private long bytes;
    private long wrong;
    private long missing;
    private long unread;

    void add(Landings.Landing landing, long size) {
        switch (landing) {
            case PROVEN, TOLD -> {
                found++;
                bytes += size;
            }
            case WRONG -> wrong++;
            case MISSING -> missing++;
            case UNREAD -> unread++;
        }
    }

    SeedReconciled answer(Long behind) {
        return new SeedReconciled(behind, found, bytes, wrong, missing, unread);
    }
}
