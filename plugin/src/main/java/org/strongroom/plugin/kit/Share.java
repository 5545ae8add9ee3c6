package org.strongroom.plugin.kit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.secret.Key32;

/**
 * One person's part of the recovery key (format.md §8.1). Immutable; prints nothing secret.
 *
 * @param fingerprint of the recovery public key: {@link #fingerprint}
 * @param kit a random number that all shares of one kit have
 * @param need how many shares of the kit give the key
 * @param number which one this is, from 1
 * @param value 32 bytes
 */
public record Share(int fingerprint, int kit, int need, int number, Key32 value) {
    /** Words that a share is written as. */
    public static final int WORDS = 23;

    private static final int VERSION = 1;
    private static final int KIT_MASK = 0xFFFFFF;
    private static final int CHECKED = 1 + 4 + 3 + 1 + 1 + Key32.SIZE;
    private static final int SIZE = WORDS * 2;

    public Share {
        if (need < 2 || need > 255 || number < 1 || number > 255 || (kit & ~KIT_MASK) != 0) {
            throw new IllegalArgumentException("share " + number + " of kit " + kit + ", " + need + " needed");
        }
    }

    /** The first four bytes of the SHA-256 of a recovery public key. */
    public static int fingerprint(byte[] recoveryPublicKey) {
        return ByteBuffer.wrap(Sha256.of(recoveryPublicKey).toBytes()).getInt();
    }

    /** The kit's number as people read it. */
    public String kitName() {
        return Proquint.of(kit >> 8 & 0xFFFF) + "-" + HexFormat.of().toHexDigits((byte) kit);
    }

    /** Its words, in order. */
    public List<String> words() {
        ByteBuffer bytes = ByteBuffer.wrap(encode());
        List<String> words = new ArrayList<>();
        while (bytes.hasRemaining()) {
            words.add(Proquint.of(Short.toUnsignedInt(bytes.getShort())));
        }
        return words;
    }

    private byte[] encode() {
        byte[] secret = value.toBytes();
        byte[] all = ByteBuffer.allocate(SIZE)
                .put((byte) VERSION)
                .putInt(fingerprint)
                .put((byte) (kit >> 16))
                .putShort((short) kit)
                .put((byte) need)
                .put((byte) number)
                .put(secret)
                .array();
        Arrays.fill(secret, (byte) 0);
        System.arraycopy(check(all), 0, all, CHECKED, SIZE - CHECKED);
        return all;
    }

    private static byte[] check(byte[] all) {
        return Arrays.copyOf(Sha256.of(Arrays.copyOf(all, CHECKED)).toBytes(), SIZE - CHECKED);
    }

    /**
     * Reads the words of a share.
     *
     * @param from what they were read from, for the error
     * @throws StrongroomException REFUSED if one is no word of ours (it is counted, not repeated: it may be secret), if there are
     *     too few or too many, or if they do not fit together
     */
    public static Share parse(List<String> words, String from) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        if (words.size() != WORDS) {
            throw refused("a share has " + WORDS + " words, and here are " + words.size(), from);
        }
        for (int i = 0; i < WORDS; i++) {
            Optional<Integer> value = Proquint.parse(words.get(i));
            if (value.isEmpty()) {
                throw refused("word " + (i + 1) + " of a share cannot be one", from);
            }
            bytes.putShort(value.get().shortValue());
        }
        byte[] all = bytes.array();
        if (!Arrays.equals(check(all), Arrays.copyOfRange(all, CHECKED, SIZE))) {
            throw refused("the words of a share do not fit together: one of them is wrong", from);
        }
        bytes.flip();
        if (bytes.get() != VERSION) {
            throw refused("the share is of a newer Strongroom", from);
        }
        int fingerprint = bytes.getInt();
        int kit = Byte.toUnsignedInt(bytes.get()) << 16 | Short.toUnsignedInt(bytes.getShort());
        int need = Byte.toUnsignedInt(bytes.get());
        int number = Byte.toUnsignedInt(bytes.get());
        byte[] secret = new byte[Key32.SIZE];
        bytes.get(secret);
        try {
            return new Share(fingerprint, kit, need, number, Key32.of(secret));
        } catch (IllegalArgumentException e) {
            throw refused("these words are no share", from).causedBy(e);
        } finally {
            Arrays.fill(secret, (byte) 0);
            Arrays.fill(all, (byte) 0);
        }
    }

    private static StrongroomException refused(String text, String from) {
        return StrongroomException.of(FailureKind.REFUSED, text)
                .with("share", from)
                .cure("Compare it with the sheet, word by word; capitals and line breaks do not matter");
    }
}
