package org.strongroom.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.OrthancProcess;

/**
 * One running Orthanc and what it stores in. All have the same configuration but for their storage, and no cache of attachments
 * in memory until they are given one: else a second read would show Orthanc's memory, not the storage. Not thread-safe.
 */
class Contestant implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than a run: what ships, ships when it is told to, and disturbs nobody else's turn. */
    private static final String QUIET = "12 h";

    private static final String CACHE = "MaximumStorageCacheSize";

    final Who who;
    final Clinic clinic;
    final OrthancProcess orthanc;
    final DelayLine line;
    final Load load;
    /** Of the Orthancs before this one. */
    private double peakMiB;

    /** @param line to the store; null if it has none */
    Contestant(Who who, Clinic clinic, DelayLine line) {
        this.who = who;
        this.clinic = clinic;
        this.line = line;
        this.orthanc = clinic.start();
        this.load = new Load(clinic.setup().httpPort());
        awaitSidecar();
    }

    static Contestant plain(Debian debian) {
        return new Contestant(Who.PLAIN, clinic(debian).withoutStrongroom(), null);
    }

    /** @param bucket new, and of this contestant alone; so for the others */
    static Contestant strongroom(Debian debian, ObjectStore store, String bucket) throws IOException {
        DelayLine line = store.line(bucket);
        Clinic clinic = clinic(debian);
        Path credentials = clinic.scratch()
                .file(
                        "credentials",
                        "[default]\naws_access_key_id = BENCH\naws_secret_access_key = bench\n"
                                .getBytes(StandardCharsets.UTF_8));
        ObjectNode tiers = JSON.createObjectNode();
        tiers.putObject("cloud")
                .putObject("S3")
                .put("Bucket", bucket)
                .put("Endpoint", "http://127.0.0.1:" + line.port())
                .put("PathStyle", true)
                .put("CredentialsFile", credentials.toString());
        clinic.setup()
                .strongroom("Tiers", tiers)
                .strongroom("Pack", JSON.createObjectNode().put("Quiet", QUIET));
        return new Contestant(Who.STRONGROOM, clinic, line);
    }

    static Contestant sync(Debian debian, ObjectStore store, String bucket, Path plugin) throws IOException {
        DelayLine line = store.line(bucket);
        Clinic clinic = clinic(debian).withoutStrongroom();
        clinic.setup()
                .plugin(plugin)
                .environment("SYNC_STORE_PORT", Integer.toString(line.port()))
                .environment("SYNC_STORE_BUCKET", bucket);
        return new Contestant(Who.SYNC, clinic, line);
    }

    static Clinic clinic(Debian debian) {
        Clinic clinic = new Clinic(debian);
        clinic.setup().set(CACHE, "0").set("DicomAlwaysAllowStore", "true");
        return clinic;
    }

    /** Starts Orthanc again, with or without the cache of attachments that it has by default. */
    void restart(boolean withCache) throws IOException {
        stop();
        if (withCache) {
            clinic.setup().configuration().remove(CACHE);
        } else {
            clinic.setup().set(CACHE, "0");
        }
        orthanc.restart();
        awaitSidecar();
    }

    /** Stops Orthanc; how much memory it took is remembered. */
    final void stop() throws IOException {
        peakMiB = peakMiB();
        orthanc.stop();
    }

    private void awaitSidecar() {
        if (who == Who.STRONGROOM) {
            clinic.awaitSidecar();
        }
    }

    /** The most memory that its Orthanc ever held, in MiB. */
    double peakMiB() throws IOException {
        return Math.max(peakMiB, Proc.peakMiB(orthanc.pid()));
    }

    /** The process id of Strongroom's sidecar. */
    long sidecar() {
        return clinic.sidecar().orElseThrow().pid();
    }

    /** Seconds of processor time of all its processes. */
    double cpuSeconds() throws IOException {
        double seconds = Proc.cpuSeconds(orthanc.pid());
        return who == Who.STRONGROOM ? seconds + Proc.cpuSeconds(sidecar()) : seconds;
    }

    /** Everything received is in the store and, if it is Strongroom's, checked there. */
    void ship() throws IOException {
        if (who == Who.STRONGROOM) {
            clinic.cli("ship", "--now", "--timeout", "300 s").orFail();
        }
    }

    /** No body is on this machine any more. */
    void evict() throws IOException {
        if (who == Who.STRONGROOM) {
            clinic.cli("evict", "--all").orFail();
        }
    }

    @Override
    public void close() throws IOException {
        clinic.close();
        if (line != null) {
            line.close();
        }
    }
}
