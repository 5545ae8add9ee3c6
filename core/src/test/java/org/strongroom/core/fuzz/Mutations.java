package org.strongroom.core.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small changes to bytes, of the kinds that break parsers: lengths, cuts, repetitions, and pieces of other inputs. */
final class Mutations {
    private static final long[] EDGES = {
        0,
        1,
        2,
        7,
        8,
        0x7F,
        0x80,
        0xFF,
        0x100,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x10000,
        0x7FFFFFFF,
        0x80000000L,
        0xFFFFFFFFL,
        -1,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };

    private final List<byte[]> seeds;
    private final List<byte[]> words;

    /**
     * @param seeds where an input begins
     * @param words what the format is made of; may be empty
     */
    Mutations(List<byte[]> seeds, List<byte[]> words) {
        this.seeds = List.copyOf(seeds);
        this.words = List.copyOf(words);
    }

    /** An input, the same for the same state of {@code random}. */
    byte[] next(Random random) {
        byte[] input = one(seeds, random).clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            input = mutate(input, random);
        }
        return input;
    }

    private byte[] mutate(byte[] input, Random random) {
        if (input.length == 0) {
            return one(seeds, random).clone();
        }
        int at = random.nextInt(input.length);
        switch (random.nextInt(words.isEmpty() ? 10 : 13)) {
            case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> input[at] = (byte) random.nextInt();
            case 2, 3 -> number(input, at, random);
            case 4 -> {
                return Arrays.copyOf(input, at);
            }
            case 5 -> {
                return splice(input, at, at, new byte[1 + random.nextInt(20)]);
            }
            case 6 -> {
                int length = Math.min(input.length - at, 1 + random.nextInt(64));
                return splice(input, at, at + length, new byte[0]);
            }
            case 7 -> {
                return splice(input, at, at, piece(input, random));
            }
            case 8 -> {
                return splice(input, at, at, piece(one(seeds, random), random));
            }
            case 9 -> {
                byte[] piece = piece(input, random);
                System.arraycopy(piece, 0, input, at, Math.min(piece.length, input.length - at));
            }
            default -> {
                int end = random.nextBoolean() ? at : Math.min(input.length, at + 1 + random.nextInt(8));
                return splice(input, at, end, one(words, random));
            }
        }
        return input;
    }

    /** A length, a count or an offset that nobody expects. */
    private static void number(byte[] input, int at, Random random) {
        int width = 1 << random.nextInt(4);
        if (at + width > input.length) {
            return;
        }
        long value = random.nextInt(4) == 0
                ? input.length + random.nextInt(5) - 2
                : EDGES[random.nextInt(EDGES.length)] + (random.nextInt(4) == 0 ? random.nextInt(17) - 8 : 0);
        ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putLong(value);
        boolean little = random.nextBoolean();
        for (int i = 0; i < width; i++) {
            input[at + i] = number.get(little ? 7 - i : 8 - width + i);
        }
    }

    private static byte[] piece(byte[] from, Random random) {
        if (from.length == 0) {
            return from;
        }
        int start = random.nextInt(from.length);
        return Arrays.copyOfRange(from, start, Math.min(from.length, start + 1 + random.nextInt(200)));
    }

    private static byte[] splice(byte[] input, int from, int to, byte[] piece) {
        byte[] result = new byte[input.length - (to - from) + piece.length];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(input, to, result, from + piece.length, input.length - to);
        return result;
    }

    private static byte[] one(List<byte[]> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
