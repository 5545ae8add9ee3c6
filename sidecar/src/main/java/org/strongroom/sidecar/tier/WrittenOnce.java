package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** Small objects that are written once, and are what they are from then on. Stateless. */
public final class WrittenOnce {
    private WrittenOnce() {}

    /**
     * Returns when the tier holds an object of this name; what it lacks is written. Nothing is ever overwritten.
     *
     * @return whether it holds exactly {@code content}: it is read, just written or not
     */
    public static boolean ensure(Tier tier, String name, byte[] content) throws IOException {
        Optional<Tier.ObjectInfo> info = tier.head(name);
        if (info.isEmpty()) {
            tier.put(name, content);
        } else if (info.get().size() != content.length) {
            return false;
        }
        try (InputStream in = tier.get(name, 0, content.length)) {
            return Arrays.equals(in.readNBytes(content.length), content);
        }
    }
}
