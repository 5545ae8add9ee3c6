package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.ErasureText;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.shred.ShredSelection.Selected;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import org.strongroom.plugin.retention.Told;

/**
 * Of what is named, only what Orthanc has removed: one wrong image, and not its study. A key is destroyed or not, so what Orthanc still has gets another
 * key first, in the Orthanc that runs. Used by one thread.
 */
final class RemovedOnly {
    private final ControlClient sidecar;
    private final Selected all;
    private final List<UUID> keys = new ArrayList<>();
    private long removed;
    private long staying;

    private RemovedOnly(ControlClient sidecar, Selected all) {
        this.sidecar = sidecar;
        this.all = all;
    }

    /**
     * Looks what there is.
     *
     * @param all everything of that name
     * @throws StrongroomException NOT_FOUND if Orthanc has removed nothing of it; UNAVAILABLE while nobody can tell
     */
    static RemovedOnly of(Selected all, ControlClient sidecar) {
        RemovedOnly only = new RemovedOnly(sidecar, all);
        all.keys().forEach(only::look);
        if (only.keys.isEmpty()) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "Orthanc has removed no image of this that is left")
                    .cure("Delete the image in Orthanc first, then do this again");
        }
        return only;
    }

    private void look(UUID key) {
        Remains remains = sidecar.remains(key); // by what is in the journal now
        if (remains.removed() > 0) {
            keys.add(key);
            removed += remains.removed();
            staying += remains.living();
        }
    }

    /** How many images Orthanc has removed. */
    long removed() {
        return removed;
    }

    /** How many files stay, and are to be sealed anew. */
    long staying() {
        return staying;
    }

    /** The keys that only what was removed is under, when {@link #move} has returned. */
    Selected selected() {
        return new Selected(all.tenant(), keys, all.more());
    }

    /**
     * Of the keys that were ordered, those that are meant now, and of which Orthanc has nothing.
     *
     * @throws StrongroomException REFUSED if there is none
     */
    Selected gone(Collection<UUID> ordered) {
        List<UUID> gone = keys.stream()
                .filter(ordered::contains)
                .filter(key -> sidecar.remains(key).living() == 0)
                .toList();
        if (gone.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "this is not what was ordered, or Orthanc still has images of it")
                    .cure("Run strongroom shred order --removed again: it gives what stays other keys");
        }
        return new Selected(all.tenant(), gone, all.more());
    }

    /**
     * Gives what stays another key; interrupted, it is gone on with by doing it again.
     *
     * @throws StrongroomException REFUSED if a hold is on it; as the file that could not be moved
     */
    void move(Keyring keyring, ErasureText text, Console console) {
        try (ProgressBar bar = new ProgressBar(console)) {
            long all = living();
            for (long left = all; left > 0; ) {
                bar.show(all - left, all, Amounts.count(left, "file") + " to be sealed anew");
                left = moveSome(ErasureOrder.move(keyring, text, keys), left);
            }
        }
    }

    private long living() {
        return keys.stream().mapToLong(key -> sidecar.remains(key).living()).sum();
    }

    /** What has to be fetched may take longer than the sidecar waits for Orthanc: it goes on then. */
    private long moveSome(ErasureRequest order, long before) {
        Optional<StrongroomException> failure = Optional.empty();
        try {
            sidecar.erase(order);
        } catch (StrongroomException e) {
            failure = Optional.of(e);
        }
        long left = living();
        if (left > 0 && left >= before) {
            throw failure.orElseGet(
                    () -> StrongroomException.of(FailureKind.UNAVAILABLE, "what stays does not get another key")
                            .with("files", left)
                            .cure("Look at it, then order it again: strongroom fsck"));
        }
        return left;
    }

    /** Until when the study was told to stay counts for what has another key now. By keys as they are after {@link #move}. */
    void tell(Place place, Clock clock) throws IOException {
        try (Keyring now = Keyring.read(place.home(), place.source(), clock)) {
            OwnedStudies.learn(place, now);
            RetentionDesk desk = RetentionDesk.take(place, clock);
            try (desk) {
                Told told = Told.read(place.home(), now);
                if (told.isFirst()) {
                    return; // nothing was ever told
                }
                for (UUID key : keys) {
                    now.names().nextKey(key).ifPresent(next -> told.succeed(key, next));
                }
                told.write();
            }
        }
    }
}
