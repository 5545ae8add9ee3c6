package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.JournalCopy;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.Tier;

/**
 * Copies of the journal's files in a tier, under new names each time (format.md §7). The copy before goes when the longer one is
 * there, so that a tier always holds a complete newest one. For one thread.
 */
final class JournalCopies {
    private static final Logger LOG = LoggerFactory.getLogger(JournalCopies.class);
    /** Between two copies to one tier: every pack adds to the journal, and a line may be slow. */
    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** If only a little was added to what would be sent whole once more. */
    private static final Duration LONG_PAUSE = Duration.ofMinutes(5);

    private static final int LITTLE = 8;
    private static final String HEAD = "head";
    /** Of the name under which it is remembered what is just being made. */
    private static final String UNDERWAY = "journal-copy/";

    private static final int SEQUENCE_OFFSET = 4;

    private final Home home;
    private final TierTable table;
    private final Tier tier;
    private final RunningTime time;
    private final SecureRandom random = new SecureRandom();
    private Duration next;
    private Duration latest;
    private final LockedCopies locked;
    private boolean keepsAll;

    JournalCopies(Home home, TierTable table, Tier tier, RunningTime time) {
        this.home = home;
        this.table = table;
        this.tier = tier;
        this.time = time;
        this.locked = new LockedCopies(table, tier, time);
        this.next = time.now();
        this.latest = next;
    }

    /** A file that has more than its newest copy. */
    private record Grown(String name, long bytes) {}

    /** Copies what grew since it was last copied, the head last, unless that was a moment ago. */
    void copy() throws IOException {
        Duration now = time.now();
        if (now.compareTo(next) < 0) {
            return;
        }
        next = now.plus(PAUSE);
        dropLeftBehind();
        Optional<byte[]> head = read(home.journal().resolve(HEAD)); // before the segments: they hold all that it signs
        Map<String, JournalCopy> copied = table.journalCopies(tier.name());
        List<Grown> grown = grown(copied);
        if (isLittle(grown, copied) && now.compareTo(latest) < 0) {
            return;
        }
        latest = now.plus(LONG_PAUSE);
        for (Grown file : grown) {
            byte[] bytes = Files.readAllBytes(home.journal().resolve(file.name()));
            String number = file.name().substring(0, file.name().indexOf('.'));
            put(file.name(), bytes.length, "journal/" + number + "-" + bytes.length, bytes, copied.get(file.name()));
        }
        if (head.isPresent() && head.get().length >= SEQUENCE_OFFSET + Long.BYTES) {
            long sequence = ByteBuffer.wrap(head.get()).getLong(SEQUENCE_OFFSET);
            JournalCopy before = copied.get(HEAD);
            if (before == null || before.reach() != sequence) {
                put(HEAD, sequence, "journal/head-" + sequence, head.get(), before);
            }
        }
        table.journalCopies(tier.name()).forEach(this::dropSuperseded);
        locked.drop();
    }

    private List<Grown> grown(Map<String, JournalCopy> copied) throws IOException {
        List<Grown> grown = new ArrayList<>();
        for (Path file : segments()) {
            String name = file.getFileName().toString();
            long bytes = Files.size(file);
            JournalCopy copy = copied.get(name);
            if (copy == null || copy.reach() != bytes) {
                grown.add(new Grown(name, bytes));
            }
        }
        return grown;
    }

    private static boolean isLittle(List<Grown> grown, Map<String, JournalCopy> copied) {
        long whole = grown.stream().mapToLong(Grown::bytes).sum();
        long known = grown.stream()
                .map(file -> copied.get(file.name()))
                .filter(copy -> copy != null)
                .mapToLong(JournalCopy::reach)
                .sum();
        return (whole - known) * LITTLE < whole;
    }

    private void put(String file, long reach, String prefix, byte[] bytes, JournalCopy before) throws IOException {
        String object = prefix + "-" + unique();
        table.remember(underway(file), object); // a kill between the next two lines would else leave it there for ever
        tier.put(object, bytes);
        if (!tier.enforcesPartDigest() && !isThere(object, bytes)) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a copy of the journal in a tier is not what was sent")
                    .with("tier", tier.name())
                    .with("object", object);
        }
        boolean supersedes = before != null && before.object() != null && before.reach() < reach;
        table.journalCopied(tier.name(), file, new JournalCopy(reach, object, supersedes ? before.object() : null));
        table.forget(underway(file));
    }

    private String underway(String file) {
        return UNDERWAY + tier.name() + "/" + file;
    }

    /** What an earlier pass did not come to, because it was killed or the line broke. */
    private void dropLeftBehind() throws IOException {
        table.journalCopies(tier.name()).forEach(this::dropSuperseded);
        List<String> names = new ArrayList<>(List.of(HEAD));
        segments().forEach(file -> names.add(file.getFileName().toString()));
        for (String file : names) {
            Optional<String> object = table.remembered(underway(file));
            if (object.isPresent()) {
                JournalCopy copy = table.journalCopies(tier.name()).get(file);
                boolean left = copy == null || !object.get().equals(copy.object());
                if (!left || delete(object.get()) || keepsAll) {
                    table.forget(underway(file));
                }
            }
        }
    }

    /** Whether it is gone, or goes when its lock ends; a tier that lets nobody delete keeps them all. */
    private boolean delete(String object) {
        if (keepsAll) {
            return false;
        }
        try {
            tier.delete(object);
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                LOG.debug("an older copy of the journal stays for now", e); // nothing is kept from being sent by that
                return false;
            }
            if (Locked.until(e).isPresent()) {
                locked.add(object);
                return true;
            }
            keepsAll = true;
            LOG.info("tier {} keeps older copies of the journal: it does not let them be deleted", tier.name(), e);
            return false;
        }
    }

    private boolean isThere(String object, byte[] bytes) throws IOException {
        try (InputStream in = tier.get(object, 0, bytes.length)) {
            return Arrays.equals(in.readNBytes(bytes.length), bytes);
        }
    }

    private void dropSuperseded(String file, JournalCopy copy) {
        if (copy.superseded() != null && delete(copy.superseded())) {
            table.journalCopied(tier.name(), file, new JournalCopy(copy.reach(), copy.object(), null));
        }
    }

    private List<Path> segments() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(home.journal(), "*.strj")) {
            stream.forEach(files::add);
            files.sort(null);
        } catch (NoSuchFileException e) {
            return files; // nothing was ever journaled
        }
        return files;
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private String unique() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
