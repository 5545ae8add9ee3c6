package org.strongroom.sidecar.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackIndex;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DiskFailures;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.round.PutOff;

/** Makes pack plans. One pass at a time; thread-safe. */
public final class Packer {
    private static final Logger LOG = LoggerFactory.getLogger(Packer.class);

    /** A study that goes first is packed when nothing of it came for so long … */
    private static final Duration URGENT_QUIET = Duration.ofSeconds(15);
    /** … or something of it waits for so long. */
    private static final Duration URGENT_PATIENCE = Duration.ofSeconds(30);

    private static final Duration SECOND_TRY = Duration.ofMinutes(10);
    private static final Duration SELDOM = Duration.ofHours(1);
    /** If the disk does not give so many more files in one pass, the others need not be tried. */
    private static final int MOST_UNREADABLE = 20;

    private final Home home;
    private final PackRules rules;
    private final StudyTable studies;
    private final PackTable packs;
    private final Problems problems;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /** Files that cannot be packed. They are read again seldom: a bad sector keeps a disk busy for seconds. */
    private final PutOff<UUID> unfit;

    /** Of the present pass: the disk did not give them, and had not been asked before. */
    private int unreadable;

    public Packer(
            Home home,
            PackRules rules,
            StudyTable studies,
            PackTable packs,
            Problems problems,
            InstantSource clock,
            RunningTime time) {
        this.home = home;
        this.rules = rules;
        this.studies = studies;
        this.packs = packs;
        this.problems = problems;
        this.clock = clock;
        this.unfit = new PutOff<>(SECOND_TRY, SELDOM, time);
    }

    /**
     * Plans what is due.
     *
     * @param now every study, quiet or not, and what could not be read before
     * @return how many plans were made
     * @throws StrongroomException UNAVAILABLE if the disk gives so few files that it is not their fault
     */
    public synchronized int plan(boolean now) throws IOException {
        unreadable = 0;
        if (now) {
            unfit.tryAgain();
        }
        // One whose inode is bad does not exist, and is not gone.
        unfit.keep(uuid -> !Files.notExists(home.spooled(uuid))).forEach(gone -> problems.clear(problem(gone)));
        Instant time = clock.instant();
        studies.arrivedBy(time);
        Instant quiet = now ? time : time.minus(rules.quiet());
        int plans = 0;
        for (StudyRow study : studies.ready(quiet, rules.maxBytes())) {
            boolean isQuiet = study.isQuietSince(quiet);
            long left = study.waitingBytes();
            while (left > 0 && (isQuiet || left >= rules.maxBytes())) {
                long taken = planOne(study);
                if (taken == 0) {
                    break;
                }
                left -= taken;
                plans++;
            }
        }
        for (StudyRow study : studies.urgent(time, time.minus(URGENT_QUIET), time.minus(URGENT_PATIENCE))) {
            plans += planAll(study);
        }
        for (StudyRow study : studies.held(quiet)) {
            plans += planAll(study);
        }
        return plans;
    }

    /** Plans what waits of the studies of these sealed files, quiet or not; returns how many plans were made. */
    public synchronized int planOf(List<UUID> files) throws IOException {
        unreadable = 0;
        int plans = 0;
        for (StudyRow study : studies.waitingOf(files)) {
            plans += planAll(study);
        }
        return plans;
    }

    private int planAll(StudyRow study) throws IOException {
        int plans = 0;
        while (planOne(study) > 0) {
            plans++;
        }
        return plans;
    }

    /** One pack of the study's first waiting files; returns their bytes, 0 if there was nothing that could be read. */
    private long planOne(StudyRow study) throws IOException {
        List<PackLayout.Piece> pieces = new ArrayList<>();
        long bytes = 0;
        for (FileRow file : packs.waiting(study.id(), PackIndex.MAX_MEMBERS)) {
            if (bytes > 0 && bytes + file.bytes() > rules.maxBytes()) {
                break;
            }
            if (unfit.isWaiting(file.uuid())) {
                continue;
            }
            try (FileSource source = FileSource.open(home.spooled(file.uuid()))) {
                pieces.add(PieceDigests.of(source, file.header(), file.bytes()));
                bytes += file.bytes();
                fit(file.uuid());
            } catch (NoSuchFileException e) {
                LOG.debug("{} is not in the spool; intake will see", file.uuid());
            } catch (UnreadableFileException e) {
                unreadable(file.uuid(), e);
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                unfit(file.uuid(), e);
            }
        }
        if (pieces.isEmpty()) {
            return 0;
        }
        try {
            PackRow pack = packs.plan(PackLayout.of(randomId(), pieces), clock.instant());
            LOG.info("planned pack {}: {} members, {} bytes", pack.pack(), pack.members(), pack.bytes());
            return bytes;
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.STALE) {
                throw e;
            }
            return 0; // a file was removed meanwhile: the next pass plans without it
        }
    }

    /** One file, or the disk? */
    private void unreadable(UUID file, UnreadableFileException e) {
        if (!unfit.knows(file)) {
            unreadable++; // those of former passes are told of, each by itself
        }
        if (unreadable > MOST_UNREADABLE) {
            throw DiskFailures.ofRead(e, "sealed files cannot be read from the spool; nothing is packed");
        }
        LOG.warn("{} in the spool cannot be read", file, e);
        unfit(
                file,
                StrongroomException.of(FailureKind.CORRUPT, "the disk does not give a sealed file")
                        .with("attachment", file)
                        .causedBy(e));
    }

    private void unfit(UUID file, StrongroomException why) {
        unfit.failed(file);
        problems.raise(
                problem(file),
                why.cure("Look at the disk; restore the file from a backup or send the instance again: it is not"
                        + " shipped"));
    }

    private void fit(UUID file) {
        if (unfit.knows(file)) {
            unfit.over(file);
            problems.clear(problem(file));
        }
    }

    private static String problem(UUID file) {
        return "pack/" + file;
    }

    /** Names of objects are wholly random; a random UUID would fix six bits, and nothing asks for that. */
    private UUID randomId() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
