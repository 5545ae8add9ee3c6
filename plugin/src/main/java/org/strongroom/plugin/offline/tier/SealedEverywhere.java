package org.strongroom.plugin.offline.tier;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.export.Destination.Progress;
import org.strongroom.plugin.export.Destination.Sealed;

/**
 * Every sealed file there is, each once, with the places where it can be read, this machine first; and how many there are not, though
 * the ledger knows of them. A file goes from the spool to the cache and from there to tiers alone, so that is the order in which all
 * three are listed: what moves meanwhile is met behind. Used by one thread.
 */
public final class SealedEverywhere {
    private final TierContents contents;
    private final SealedFiles local;
    private final Predicate<UUID> keys;
    private final Predicate<UUID> counted;
    private final ToLongFunction<StudyStatus> expected;
    private final Progress progress;
    private final RunningTime time;

    /**
     * @param keys whose files are wanted
     * @param counted which attachments are among those that have to be there
     * @param expected how many of those a study has
     * @param progress told of packs
     */
    public SealedEverywhere(
            TierContents contents,
            Home home,
            Predicate<UUID> keys,
            Predicate<UUID> counted,
            ToLongFunction<StudyStatus> expected,
            Progress progress) {
        this(contents, home, keys, counted, expected, progress, RunningTime.system());
    }

    SealedEverywhere(
            TierContents contents,
            Home home,
            Predicate<UUID> keys,
            Predicate<UUID> counted,
            ToLongFunction<StudyStatus> expected,
            Progress progress,
            RunningTime time) {
        this.contents = contents;
        this.local = new SealedFiles(home);
        this.keys = keys;
        this.counted = counted;
        this.expected = expected;
        this.progress = progress;
        this.time = time;
    }

    /** What is done with a file; if it cannot be read in any of its places, that is for this to notice. */
    public interface Use {
        void with(SealedHeader header, List<Sealed> places) throws IOException;
    }

    /** Told of what could not even be tried. */
    public interface Passed {
        /**
         * @param study whose files they are; empty if their headers cannot be read
         * @param files how many
         */
        void over(Optional<StudyStatus> study, long files, String reason);
    }

    /** How much these attachments are, opened. */
    public long plainBytes(Predicate<UUID> wanted) throws IOException {
        long[] sum = new long[1];
        each(wanted, (header, places) -> sum[0] += header.plainSize(), (study, files, reason) -> {});
        return sum[0];
    }

    /**
     * Calls {@code use} for each, then {@code passed} for each study that lacks some.
     *
     * @param wanted which attachments {@code use} is called for
     */
    public void each(Predicate<UUID> wanted, Use use, Passed passed) throws IOException {
        Map<UUID, StudyStatus> known = studies(); // before anything is looked for
        Walk walk = new Walk(wanted, use, passed);
        Set<UUID> here = local.names();
        walk.packs(attachment -> true);
        Set<UUID> gone = new HashSet<>();
        for (UUID attachment : here) {
            if (!walk.seen.contains(attachment) && !walk.here(attachment)) {
                gone.add(attachment);
            }
        }
        if (!gone.isEmpty()) {
            walk.packs(gone::contains); // evicted since: its pack has receipts by now
        }
        Map<UUID, StudyStatus> now = walk.isShort(known.values()) ? studies() : known; // some may have been purged
        for (StudyStatus study : known.values()) {
            long most = expected.applyAsLong(study);
            long left = now.containsKey(study.key()) ? expected.applyAsLong(now.get(study.key())) : 0;
            long missing = Math.min(most, left) - walk.found.getOrDefault(study.key(), 0L);
            if (missing > 0) {
                passed.over(
                        Optional.of(study),
                        missing,
                        walk.reasons.getOrDefault(study.key(), "it is neither here nor in a tier"));
            }
        }
    }

    private Map<UUID, StudyStatus> studies() {
        Map<UUID, StudyStatus> studies = new LinkedHashMap<>();
        contents.studies(study -> {
            if (keys.test(study.key())) {
                studies.put(study.key(), study);
            }
        });
        return studies;
    }

    /** One look at everything. */
    private final class Walk {
        private final Predicate<UUID> wanted;
        private final Use use;
        private final Passed passed;
        private final PackCopies copies = new PackCopies(contents, new SilentTiers(time));
        private final Set<UUID> seen = new HashSet<>();
        private final Set<UUID> read = new HashSet<>();
        /** How many of the counted ones were met, by key. */
        private final Map<UUID, Long> found = new HashMap<>();
        /** Why a pack of a key was not read. */
        private final Map<UUID, String> reasons = new HashMap<>();

        Walk(Predicate<UUID> wanted, Use use, Passed passed) {
            this.wanted = wanted;
            this.use = use;
            this.passed = passed;
        }

        boolean isShort(Iterable<StudyStatus> studies) {
            for (StudyStatus study : studies) {
                if (found.getOrDefault(study.key(), 0L) < expected.applyAsLong(study)) {
                    return true;
                }
            }
            return false;
        }

        /** Reads the packs that were not read before, for the sake of these. */
        void packs(Predicate<UUID> missed) throws IOException {
            List<PackLine> packs = new ArrayList<>();
            contents.packs(pack -> {
                if (keys.test(pack.key()) && !read.contains(pack.pack())) {
                    packs.add(pack);
                }
            });
            int done = 0;
            for (PackLine pack : packs) {
                pack(pack, missed);
                progress.show(++done, packs.size());
            }
        }

        private void pack(PackLine pack, Predicate<UUID> missed) throws IOException {
            if (pack.tiers().isEmpty()) {
                reasons.put(
                        pack.key(),
                        pack.settled()
                                ? "no tier has its pack any more, and it is not here"
                                : "no tier has it yet, and it is not here");
                return;
            }
            PackCopies.Opened opened;
            try {
                opened = copies.open(pack);
            } catch (StrongroomException e) {
                reasons.put(pack.key(), e.text());
                return;
            }
            read.add(pack.pack());
            for (PackMember member : opened.members()) {
                if (missed.test(member.header().attachment()) && meet(member.header())) {
                    member(member, opened);
                }
            }
        }

        private void member(PackMember member, PackCopies.Opened opened) throws IOException {
            Optional<FileSource> here = local.whole(member.header().attachment());
            List<Sealed> places = new ArrayList<>();
            here.ifPresent(file -> places.add(() -> file));
            places.addAll(opened.places(member));
            try {
                use.with(member.header(), places);
            } finally {
                if (here.isPresent()) {
                    here.get().close();
                }
            }
        }

        /** Looks at one that no pack gave; false if it is not here any more. */
        boolean here(UUID attachment) throws IOException {
            Optional<FileSource> file = local.whole(attachment);
            if (file.isEmpty()) {
                return false;
            }
            try (FileSource source = file.get()) {
                Optional<SealedHeader> header = header(source, attachment);
                if (header.isEmpty()) {
                    passed.over(Optional.empty(), 1, "a file here is no sealed file, or is damaged");
                } else if (keys.test(header.get().key()) && meet(header.get())) {
                    use.with(header.get(), List.of(() -> source));
                }
            }
            return true;
        }

        /** Counts a file once; whether it is wanted. */
        private boolean meet(SealedHeader header) {
            if (!seen.add(header.attachment())) {
                return false;
            }
            if (counted.test(header.attachment())) {
                found.merge(header.key(), 1L, Long::sum);
            }
            return wanted.test(header.attachment());
        }
    }

    private static Optional<SealedHeader> header(FileSource source, UUID attachment) throws IOException {
        try {
            byte[] start = source.read(0, (int) Math.min(SealedHeader.MAX_SIZE, source.size()));
            return Optional.of(SealedHeader.decode(start))
                    .filter(header -> header.attachment().equals(attachment));
        } catch (StrongroomException | UnreadableFileException e) {
            return Optional.empty();
        }
    }
}
