package org.strongroom.tests.bench;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.strongroom.core.dicom.SyntheticDicom;

/**
 * Studies of 512 by 512 slices whose pixels look and compress like real ones: a stock of pictures is drawn once, and every
 * instance is one of them with ids of its own. Not thread-safe.
 */
final class Slices {
    private static final int STOCK = 40;
    private static final String SERIES = "2.25.8000000000000000000";
    private static final String SOP = "2.25.8111111111111111111";
    private static final String STUDY = "2.25.8222222222222222222";
    private static final int FIXED = "2.25.8".length();

    private final List<byte[]> stock;
    private long number;

    /** @param number after which its ids are counted: two stocks must not share one, or Orthanc stores the second one's images not at all */
    private Slices(List<byte[]> stock, long number) {
        this.stock = stock;
        this.number = number;
    }

    static Slices ct() {
        return new Slices(draw(STOCK, SyntheticDicom::ct), 0);
    }

    static Slices mr() {
        return new Slices(draw(STOCK, SyntheticDicom::mr), 1_000_000_000);
    }

    /** Bytes of one instance. */
    int bytes() {
        return stock.get(0).length;
    }

    /** A new study; its series have so many instances each. They are made one by one, as they are asked for. */
    List<byte[]> study(int... series) {
        long study = ++number;
        List<long[]> ids = new ArrayList<>();
        for (int instances : series) {
            long one = ++number;
            for (int i = 0; i < instances; i++) {
                ids.add(new long[] {one, ++number});
            }
        }
        return new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                byte[] image = stock.get(index % stock.size()).clone();
                stamp(image, STUDY, study);
                stamp(image, SERIES, ids.get(index)[0]);
                stamp(image, SOP, ids.get(index)[1]);
                return image;
            }

            @Override
            public int size() {
                return ids.size();
            }
        };
    }

    private static List<byte[]> draw(int count, Supplier<SyntheticDicom> kind) {
        return IntStream.rangeClosed(1, count)
                .parallel()
                .mapToObj(slice -> kind.get()
                        .patient("BENCH-1")
                        .patientName("Bench^Mark")
                        .study(STUDY)
                        .series(SERIES)
                        .sop(SOP)
                        .instance(slice)
                        .size(512, 512)
                        .toBytes())
                .toList();
    }

    /** Writes a number of the same length over every occurrence of a UID in the head. */
    private static void stamp(byte[] image, String uid, long number) {
        byte[] old = uid.getBytes(StandardCharsets.US_ASCII);
        byte[] digits =
                String.format("%0" + (uid.length() - FIXED) + "d", number).getBytes(StandardCharsets.US_ASCII);
        int end = Math.min(image.length - old.length, 4096);
        for (int at = 0; at < end; at++) {
            if (Arrays.equals(image, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(digits, 0, image, at + FIXED, digits.length);
            }
        }
    }
}
