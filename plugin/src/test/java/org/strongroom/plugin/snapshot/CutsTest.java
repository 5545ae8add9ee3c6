package org.strongroom.plugin.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.Tag16;

/** Cuts by content are found again behind an insertion, and lose no byte. */
class CutsTest {
    private static final int SHORTEST = Cuts.ByContent.SHORTEST;
    private static final int LONGEST = Cuts.ByContent.LONGEST;

    private static Tag16 tag(String key, byte[] chunk) {
        byte[] keyed = new byte[key.length() + chunk.length];
        System.arraycopy(chunk, 0, keyed, 0, chunk.length);
        for (int i = 0; i < key.length(); i++) {
            keyed[chunk.length + i] = (byte) key.charAt(i);
        }
        return new Tag16(java.util.Arrays.copyOf(Sha256.of(keyed).toBytes(), 16));
    }

    private static List<Sha256> cut(byte[] file, String key) throws IOException {
        Cuts cuts = Cuts.byContent(new ByteArrayInputStream(file), chunk -> tag(key, chunk));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        List<Sha256> chunks = new ArrayList<>();
        for (byte[] chunk = cuts.next(); chunk.length > 0; chunk = cuts.next()) {
            boolean last = whole.size() + chunk.length == file.length;
            assertThat(chunk.length).isBetween(last ? 1 : SHORTEST, LONGEST);
            whole.write(chunk);
            chunks.add(Sha256.of(chunk));
        }
        assertThat(whole.toByteArray()).isEqualTo(file);
        return chunks;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatComesBehindAnInsertionIsCutAsBefore() throws IOException {
        byte[] before = random(20 << 20);
        byte[] after = new byte[before.length + 333];
        int at = 5 << 20;
        System.arraycopy(before, 0, after, 0, at);
        System.arraycopy(before, at, after, at + 333, before.length - at);
        List<Sha256> known = cut(before, "one");
        List<Sha256> anew = cut(after, "one");
        assertThat(known.size()).isBetween(120, 500);
        anew.removeAll(known);
        assertThat(anew).hasSizeBetween(1, 4);
    }

    @Test
    void anotherKeyCutsElsewhere() throws IOException {
        byte[] file = random(8 << 20);
        List<Sha256> other = cut(file, "two");
        other.removeAll(cut(file, "one"));
        assertThat(other.size()).isGreaterThan(cut(file, "two").size() - 3);
    }

    @Test
    void everyLengthIsCutWhole() throws IOException {
        for (int length : new int[] {
            0, 1, SHORTEST - 1, SHORTEST, SHORTEST + 1, LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST + SHORTEST
        }) {
            cut(new byte[length], "one");
            cut(random(length), "one");
        }
    }
}
