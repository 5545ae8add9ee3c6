package org.strongroom.sidecar.scrub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.ledger.TierTable.JournalCopy;

/** The newest copies of the journal's files in a tier (format.md §7). Another copy is made of what is damaged; the damaged one stays. */
public final class JournalHolding implements Holding {
    private static final String HEAD = "head";
    private static final int SEQUENCE_OFFSET = 4;

    private final Home home;
    private final String tier;
    private final TierTable table;

    public JournalHolding(Home home, String tier, TierTable table) {
        this.home = home;
        this.tier = tier;
        this.table = table;
    }

    @Override
    public String prefix() {
        return "journal/";
    }

    @Override
    public Set<String> expected() {
        Set<String> names = new HashSet<>();
        table.journalCopies(tier).values().stream()
                .map(JournalCopy::object)
                .filter(name -> name != null)
                .forEach(names::add);
        return names;
    }

    /** Of a file that only grows, the beginning; of the head, which does not, what was signed with the same number. */
    @Override
    public Verdict compare(String name, byte[] bytes) throws IOException {
        Optional<Map.Entry<String, JournalCopy>> copy = find(name);
        if (copy.isEmpty()) {
            return Verdict.WHOLE; // an older copy, on its way out
        }
        byte[] here;
        try {
            here = Files.readAllBytes(home.journal().resolve(copy.get().getKey()));
        } catch (NoSuchFileException e) {
            return Verdict.WHOLE; // that it is gone here is told elsewhere
        }
        long reach = copy.get().getValue().reach();
        if (copy.get().getKey().equals(HEAD)) {
            boolean same = here.length >= SEQUENCE_OFFSET + Long.BYTES
                    && ByteBuffer.wrap(here).getLong(SEQUENCE_OFFSET) == reach;
            return !same || Arrays.equals(here, bytes) ? Verdict.WHOLE : Verdict.DAMAGED;
        }
        if (here.length < reach) {
            return Verdict.WHOLE; // what is there may be all that there is
        }
        boolean same = bytes.length == reach && Arrays.equals(here, 0, bytes.length, bytes, 0, bytes.length);
        return same ? Verdict.WHOLE : Verdict.DAMAGED;
    }

    @Override
    public boolean mend(String name, boolean absent) {
        Optional<Map.Entry<String, JournalCopy>> copy = find(name);
        copy.ifPresent(entry -> table.forgetJournalCopy(tier, entry.getKey()));
        return copy.isPresent();
    }

    private Optional<Map.Entry<String, JournalCopy>> find(String name) {
        return table.journalCopies(tier).entrySet().stream()
                .filter(entry -> name.equals(entry.getValue().object()))
                .findFirst();
    }
}
