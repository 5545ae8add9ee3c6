package org.strongroom.sidecar.pack;

import java.io.IOException;
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
import org.strongroom.core.io.FileSource;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;
import org.strongroom.sidecar.problem.Problems;

/** Makes pack plans. One pass at a time; thread-safe. */
public final class Packer {
    private static final Logger LOG = LoggerFactory.getLogger(Packer.class);

    /** A study that goes first is packed when nothing of it came for so long … */
    private static final Duration URGENT_QUIET = Duration.ofSeconds(15);
    /** … or something of it waits for so long. */
    private static final Duration URGENT_PATIENCE = Duration.ofSeconds(30);

    private final Home home;
    private final PackRules rules;
    private final StudyTable studies;
    private final PackTable packs;
    private final Problems problems;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public Packer(
            Home home, PackRules rules, StudyTable studies, PackTable packs, Problems problems, InstantSource clock) {
        this.home = home;
        this.rules = rules;
        this.studies = studies;
        this.packs = packs;
        this.problems = problems;
        this.clock = clock;
    }

    /**
     * Plans what is due.
     *
     * @param now every study, quiet or not
     * @return how many plans were made
     */
    public synchronized int plan(boolean now) throws IOException {
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
            try (FileSource source = FileSource.open(home.spooled(file.uuid()))) {
                pieces.add(PieceDigests.of(source, file.header(), file.bytes()));
                bytes += file.bytes();
            } catch (NoSuchFileException e) {
                LOG.debug("{} is not in the spool; intake will see", file.uuid());
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.CORRUPT) {
                    throw e;
                }
                problems.raise(
                        "pack/" + file.uuid(),
                        e.cure("Restore the file from a backup or send the instance again; it is not shipped"));
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

    /** Names of objects are wholly random; a random UUID would fix six bits, and nothing asks for that. */
    private UUID randomId() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
