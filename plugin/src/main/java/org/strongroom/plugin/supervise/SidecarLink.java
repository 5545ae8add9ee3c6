package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/**
 * The way to whichever sidecar runs now: a sidecar that starts writes a new control file, and is found by it. Thread-safe.
 */
public final class SidecarLink implements Supplier<ControlClient> {
    private final Home home;
    private FileTime written;
    private ControlClient client;

    public SidecarLink(Home home) {
        this.home = home;
    }

    /** @throws StrongroomException UNAVAILABLE if no sidecar has announced itself */
    @Override
    public synchronized ControlClient get() {
        FileTime now;
        try {
            now = Files.getLastModifiedTime(home.control());
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the sidecar does not run")
                    .cure("Look at Home/run/sidecar.log; it is started again by itself")
                    .causedBy(e);
        }
        if (client == null || !now.equals(written)) {
            client = ControlClient.connect(home);
            written = now;
        }
        return client;
    }
}
