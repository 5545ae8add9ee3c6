package org.strongroom.plugin.install;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** Where this software is installed: the folder of libStrongroom.so, whose {@code lib/plugin} holds our own jar. */
public final class Distribution {
    private Distribution() {}

    public static Path folder() {
        try {
            Path jar = Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path libraries = jar.getParent();
            if (libraries != null && libraries.endsWith(Path.of("lib", "plugin"))) {
                return libraries.getParent().getParent();
            }
        } catch (URISyntaxException e) {
            throw misplaced().causedBy(e);
        }
        throw misplaced();
    }

    private static StrongroomException misplaced() {
        return StrongroomException.of(FailureKind.REFUSED, "the distribution is not complete")
                .cure("Install the whole folder: lib/plugin and lib/sidecar belong beside libStrongroom.so");
    }
}
