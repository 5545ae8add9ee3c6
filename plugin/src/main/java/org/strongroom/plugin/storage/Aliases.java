package org.strongroom.plugin.storage;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.strongroom.core.io.ByteSource;

/**
 * What Orthanc stores anew although it is sealed already: it gets one more name instead of one more file (format.md §6, entry 6).
 * Every name is in memory, in 43 bytes on average: they come of recoveries only. Thread-safe.
 */
public final class Aliases {
    private static final int PIECE = 1 << 20;
    private static final int FIRST_SIZE = 1 << 10;

    /** A few at once: what is being given back. */
    private final List<Expected> expected = new CopyOnWriteArrayList<>();

    /** Names that were moved, by what they mean now. */
    private final Map<UUID, Set<UUID>> moved = new HashMap<>();
    /** Open addressing: name and sealed uuid, four words a slot; a name is never 0. */
    private long[] slots = new long[4 * FIRST_SIZE];

    private int used;

    /** What may be stored, as it is in memory, and what it is sealed under. */
    private record Expected(ByteSource content, UUID sealed) {}

    /** That content is about to be stored which is sealed under {@code sealed}; until the answer is closed. It must not change meanwhile. */
    public Expectation expect(ByteSource content, UUID sealed) {
        Expected one = new Expected(content, sealed);
        expected.add(one);
        return () -> expected.remove(one);
    }

    /** What {@link #expect} began. */
    @FunctionalInterface
    public interface Expectation extends AutoCloseable {
        @Override
        void close();
    }

    /** Under which uuid this content is sealed, if that was expected. */
    Optional<UUID> find(ByteSource content) throws IOException {
        for (Expected one : expected) {
            if (isSame(one.content(), content)) {
                return Optional.of(one.sealed());
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(ByteSource one, ByteSource other) throws IOException {
        if (one.size() != other.size()) {
            return false;
        }
        byte[] piece = new byte[(int) Math.min(PIECE, one.size())];
        byte[] beside = new byte[piece.length];
        for (long done = 0; done < one.size(); ) {
            int count = (int) Math.min(piece.length, one.size() - done);
            one.read(done, piece, 0, count);
            other.read(done, beside, 0, count);
            if (!Arrays.equals(piece, 0, count, beside, 0, count)) {
                return false;
            }
            done += count;
        }
        return true;
    }

    /** Notes what the journal says. */
    public synchronized void add(UUID name, UUID sealed) {
        if (used * 4L >= slots.length / 4 * 3L) {
            grow();
        }
        int at = slot(slots, name.getMostSignificantBits(), name.getLeastSignificantBits());
        used += slots[at] == 0 && slots[at + 1] == 0 ? 1 : 0;
        slots[at] = name.getMostSignificantBits();
        slots[at + 1] = name.getLeastSignificantBits();
        slots[at + 2] = sealed.getMostSignificantBits();
        slots[at + 3] = sealed.getLeastSignificantBits();
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        for (int at = 0; at < slots.length; at += 4) {
            if (slots[at] != 0 || slots[at + 1] != 0) {
                System.arraycopy(slots, at, larger, slot(larger, slots[at], slots[at + 1]), 4);
            }
        }
        slots = larger;
    }

    /** Where a name is, or belongs. Names are random: their own bits spread them. */
    private static int slot(long[] slots, long most, long least) {
        int mask = slots.length / 4 - 1;
        int slot = ((int) least) & mask;
        while ((slots[4 * slot] != most || slots[4 * slot + 1] != least)
                && (slots[4 * slot] != 0 || slots[4 * slot + 1] != 0)) {
            slot = (slot + 1) & mask;
        }
        return 4 * slot;
    }

    /** Notes what the journal says: a name means another sealed attachment from now on. */
    public synchronized void move(UUID name, UUID sealed) {
        moved.getOrDefault(sealed(name), new HashSet<>()).remove(name);
        moved.computeIfAbsent(sealed, file -> new LinkedHashSet<>(1)).add(name);
        add(name, sealed);
    }

    /** By which names Orthanc knew what is sealed so, before any alias: its own, or those that it got from another attachment. */
    public synchronized Set<UUID> firstNames(UUID sealed) {
        return Set.copyOf(moved.getOrDefault(sealed, Set.of(sealed)));
    }

    /** The uuid that an attachment was sealed under. */
    public synchronized UUID sealed(UUID name) {
        int at = slot(slots, name.getMostSignificantBits(), name.getLeastSignificantBits());
        return slots[at + 2] == 0 && slots[at + 3] == 0 ? name : new UUID(slots[at + 2], slots[at + 3]);
    }
}
