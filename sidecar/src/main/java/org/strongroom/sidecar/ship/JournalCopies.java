package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.tier.Tier;

/** Copies of the journal's files in a tier, under new names each time (format.md §7). For one thread. */
final class JournalCopies {
    /** Between two copies to one tier: every pack adds to the journal, and a line may be slow. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final String HEAD = "head";
    private static final int SEQUENCE_OFFSET = 4;

    private final Home home;
    private final TierTable table;
    private final Tier tier;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private Instant next = Instant.EPOCH;

    JournalCopies(Home home, TierTable table, Tier tier, InstantSource clock) {
        this.home = home;
        this.table = table;
        this.tier = tier;
        this.clock = clock;
    }

    /** Copies what grew since it was last copied, the head last, unless that was a moment ago. */
    void copy() throws IOException {
        if (clock.instant().isBefore(next)) {
            return;
        }
        next = clock.instant().plus(PAUSE);
        Optional<byte[]> head = read(home.journal().resolve(HEAD));
        Map<String, String> copied = table.journalCopies(tier.name());
        for (Path file : segments()) {
            String name = file.getFileName().toString();
            String length = Long.toString(Files.size(file));
            if (!length.equals(copied.get(name))) {
                byte[] bytes = Files.readAllBytes(file);
                String number = name.substring(0, name.indexOf('.'));
                tier.put("journal/" + number + "-" + bytes.length + "-" + unique(), bytes);
                table.journalCopied(tier.name(), name, Integer.toString(bytes.length));
            }
        }
        if (head.isPresent() && head.get().length >= SEQUENCE_OFFSET + Long.BYTES) {
            String sequence = Long.toUnsignedString(ByteBuffer.wrap(head.get()).getLong(SEQUENCE_OFFSET));
            if (!sequence.equals(copied.get(HEAD))) {
                tier.put("journal/head-" + sequence + "-" + unique(), head.get());
                table.journalCopied(tier.name(), HEAD, sequence);
            }
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
