package org.strongroom.plugin.receipt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Notices;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Pulse;

/**
 * Tells the sidecar every few seconds which studies were read here, so that it evicts the others first. A hint: it may be
 * lost. Thread-safe.
 */
public final class OpenedStudies implements AutoCloseable {
    private static final Logger LOG = System.getLogger(OpenedStudies.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Supplier<ControlClient> sidecar;
    private final Set<UUID> keys = ConcurrentHashMap.newKeySet();
    private final Pulse pulse;

    public OpenedStudies(Supplier<ControlClient> sidecar) {
        this.sidecar = sidecar;
        this.pulse = new Pulse("strongroom-notices", EVERY, this::tell);
    }

    /** Notes that a file of this study key was read. */
    public void add(UUID key) {
        keys.add(key);
    }

    private void tell() {
        List<UUID> opened = List.copyOf(keys);
        if (opened.isEmpty()) {
            return;
        }
        try {
            sidecar.get().notices(new Notices(opened, null, null));
            keys.removeAll(opened);
        } catch (StrongroomException e) {
            LOG.log(Level.DEBUG, "the sidecar was not told what was read", e);
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}
