package org.strongroom.tests.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;

/** An Orthanc whose storage area is on {@link RcloneMount}. */
final class RcloneContestant extends Contestant {
    /** As Strongroom's own: what uploads, uploads when it is told to, and disturbs nobody else's turn. */
    private static final String LATER = "12h";

    private static final String AT_ONCE = "1s";
    private static final String MOUNT = "rclone";

    private final RcloneMount mount;

    private RcloneContestant(Clinic clinic, DelayLine line, RcloneMount mount) {
        super(Who.RCLONE, clinic, line);
        this.mount = mount;
    }

    /** @throws IOException if rclone does not mount here; nothing of it is left */
    static RcloneContestant start(Debian debian, ObjectStore store, String bucket) throws IOException {
        DelayLine line = store.line(bucket);
        Clinic clinic = clinic(debian).withoutStrongroom();
        RcloneMount mount = new RcloneMount(clinic.scratch(), bucket, line.port());
        try {
            mount.mount(LATER);
        } catch (IOException e) {
            mount.close();
            clinic.close();
            line.close();
            throw e;
        }
        clinic.setup().set("StorageDirectory", "\"" + mount.folder() + "\"");
        return new RcloneContestant(clinic, line, mount);
    }

    @Override
    Map<String, Long> processes() {
        Map<String, Long> all = new HashMap<>(super.processes());
        all.put(MOUNT, mount.pid());
        return all;
    }

    private void unmount() throws IOException {
        stop();
        usage.ending(MOUNT, mount.pid());
        mount.close();
    }

    /** Uploads all that was written since the last {@link #evict}. */
    @Override
    void ship() throws IOException {
        unmount();
        mount.mount(AT_ONCE);
        mount.awaitUploads();
        orthanc.restart();
    }

    /** What was not shipped is lost. The names of what is in the store are read before Orthanc starts. */
    @Override
    void evict() throws IOException {
        unmount();
        mount.forget();
        mount.mount(LATER);
        mount.list();
        orthanc.restart();
    }

    @Override
    public void close() throws IOException {
        orthanc.close();
        mount.close();
        super.close();
    }
}
