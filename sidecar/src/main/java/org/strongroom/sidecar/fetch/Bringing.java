package org.strongroom.sidecar.fetch;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.archive.Recalls;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.tier.ArchiveClasses.Urgency;

/** One way through a study: what of it is not on this machine comes, behind whoever waits for bytes. For one thread. */
final class Bringing {
    private static final int PAGE = 256;
    private static final int TRIES = 5;
    /** Between two looks whether a thread is free. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final FileTable files;
    private final Fetches fetches;
    private final Recalls recalls;
    private final BooleanSupplier tight;
    private final BooleanSupplier wanted;
    private final Sleeper sleeper;
    /** Packs that were asked for now. */
    private final Set<Long> archived = new HashSet<>();

    private StrongroomException why;
    private boolean mayCome;
    private boolean came;

    /**
     * What did not come.
     *
     * @param mayCome whether there is any use in trying again
     * @param came whether others came
     */
    record Away(StrongroomException why, boolean mayCome, boolean came) {}

    /** @param wanted whether to go on */
    Bringing(
            FileTable files,
            Fetches fetches,
            Recalls recalls,
            BooleanSupplier tight,
            BooleanSupplier wanted,
            Sleeper sleeper) {
        this.files = files;
        this.fetches = fetches;
        this.recalls = recalls;
        this.tight = tight;
        this.wanted = wanted;
        this.sleeper = sleeper;
    }

    /**
     * What stays away of it, one reason for all; empty if everything is here, or nobody wants it any more. One image that cannot be had keeps
     * no other away.
     */
    Optional<Away> of(StudyRow study) throws InterruptedException {
        try {
            goThrough(study);
        } catch (StrongroomException e) {
            stays(e, true); // no use in trying the others now
        }
        return Optional.ofNullable(why).map(reason -> new Away(reason, mayCome, came));
    }

    private void goThrough(StudyRow study) throws InterruptedException {
        long behind = 0;
        for (List<FileRow> page = files.living(study.id(), behind, PAGE);
                !page.isEmpty();
                page = files.living(study.id(), behind, PAGE)) {
            for (FileRow file : page) {
                if (!wanted.getAsBoolean()) {
                    return;
                }
                if (!fetches.isHere(file.uuid())) {
                    bring(file);
                }
                behind = file.id();
            }
        }
    }

    private void bring(FileRow file) throws InterruptedException {
        requireRoom();
        Fetches.Packed packed;
        try {
            packed = fetches.locate(file);
        } catch (StrongroomException e) {
            stays(e, false);
            return;
        }
        if (!packed.member().removed() && !archived.contains(packed.pack().id())) {
            bring(packed);
        }
    }

    private void requireRoom() {
        if (tight.getAsBoolean()) {
            throw StrongroomException.of(
                            FailureKind.FULL, "the disk is nearly full: nothing comes that nobody waits for")
                    .cure("Make room on Home's disk (Cache.Reserve)");
        }
    }

    /** Where others come first in the middle of it, it begins again behind them. */
    private void bring(Fetches.Packed packed) throws InterruptedException {
        UUID uuid = packed.member().uuid();
        for (int tries = 0; tries < TRIES; tries++) {
            while (fetches.areBusy() && wanted.getAsBoolean()) {
                sleeper.sleep(LOOK);
            }
            if (!wanted.getAsBoolean()) {
                return;
            }
            Optional<StrongroomException> failure = fetched(packed);
            if (failure.filter(e -> e.kind() == FailureKind.ARCHIVED).isPresent()) {
                archived.add(packed.pack().id());
                stays(recalls.ask(packed.pack(), Urgency.BULK, failure.get()), true);
                return;
            }
            if (failure.isPresent()) {
                stays(failure.get(), false);
                return;
            }
            if (fetches.isHere(uuid)) {
                came = true;
                return;
            }
            requireRoom();
        }
        throw StrongroomException.of(FailureKind.UNAVAILABLE, "others are waited for, and come first");
    }

    /**
     * Why the file cannot be had; empty if it is here, or its turn is not over.
     *
     * @throws StrongroomException if nothing of the pack can be had now
     */
    private Optional<StrongroomException> fetched(Fetches.Packed packed) throws InterruptedException {
        try {
            return Optional.ofNullable(
                    fetches.bring(packed).get().get(packed.member().uuid()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof StrongroomException failure)) {
                throw StrongroomException.of(FailureKind.BUG, "fetching failed").causedBy(e);
            }
            if (failure.kind() != FailureKind.ARCHIVED) {
                throw failure;
            }
            return Optional.of(failure);
        }
    }

    /** What may come later is told rather than what never will. */
    private void stays(StrongroomException reason, boolean mayStillCome) {
        if (why == null || !mayCome) {
            why = reason;
            mayCome = mayStillCome;
        }
    }
}
