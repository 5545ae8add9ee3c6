package org.strongroom.tests.trouble.soak;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.strongroom.tests.harness.Samples;

/** The images that Orthanc took and nobody deleted, by Orthanc's ids; of each only a digest, so that hours fit. Thread-safe. */
final class Acknowledged {
    private final Map<String, Image> images = new ConcurrentHashMap<>();

    /**
     * What an image must be when it is read.
     *
     * @param byDicom whether it came by C-STORE: storescu writes a meta group of its own
     */
    private record Image(boolean byDicom, String digest) {}

    void add(String id, boolean byDicom, byte[] image) {
        images.put(id, new Image(byDicom, digest(byDicom ? Samples.fromPixelData(image) : image)));
    }

    /** From now on nobody knows whether Orthanc still has it. */
    void forget(String id) {
        images.remove(id);
    }

    /** Whether these are the bytes of the image; true of one that was forgotten meanwhile. */
    boolean isRight(String id, byte[] read) {
        Image image = images.get(id);
        return image == null
                || digest(image.byDicom ? Samples.fromPixelData(read) : read).equals(image.digest);
    }

    Optional<String> any(RandomGenerator random) {
        List<String> all = ids();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    List<String> ids() {
        return List.copyOf(images.keySet());
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
