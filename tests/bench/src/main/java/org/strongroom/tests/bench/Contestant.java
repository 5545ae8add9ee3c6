package org.strongroom.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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

    private static final String ORTHANC = "orthanc";
    private static final String SIDECAR = "sidecar";

    final Who who;
    final Clinic clinic;
    final OrthancProcess orthanc;
    final DelayLine line;
    final Load load;
    final Usage usage = new Usage();

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
        return strongroom(Who.STRONGROOM, clinic(debian), store, bucket);
    }

    /** @param library of a distribution that records nothing */
    static Contestant unrecorded(Debian debian, ObjectStore store, String bucket, Path library) throws IOException {
        return strongroom(Who.UNRECORDED, clinic(debian).withLibrary(library), store, bucket);
    }

    private static Contestant strongroom(Who who, Clinic clinic, ObjectStore store, String bucket) throws IOException {
        DelayLine line = store.line(bucket);
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
        return new Contestant(who, clinic, line);
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
        Clinic clinic = new Clinic(debian).withPassphrase();
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

    /** Stops Orthanc; what it took is remembered. */
    final void stop() throws IOException {
        usage.ending(ORTHANC, orthanc.pid());
        orthanc.stop();
    }

    /** Ends Strongroom's sidecar, if this is its; else the next Orthanc would adopt it. */
    final void stopSidecar() throws IOException {
        Optional<ProcessHandle> sidecar = clinic.sidecar();
        if (sidecar.isPresent()) {
            usage.ending(SIDECAR, sidecar.get().pid());
            sidecar.get().destroy();
            sidecar.get().onExit().join();
        }
    }

    /** Its processes, each under the name of what it is. */
    Map<String, Long> processes() {
        return who.isStrongroom()
                ? Map.of(
                        ORTHANC,
                        orthanc.pid(),
                        SIDECAR,
                        clinic.sidecar().orElseThrow().pid())
                : Map.of(ORTHANC, orthanc.pid());
    }

    private void awaitSidecar() {
        if (who.isStrongroom()) {
            clinic.awaitSidecar();
        }
    }

    /** The most memory that its Orthanc ever held, in MiB. */
    double peakMiB() throws IOException {
        return usage.everMiB(ORTHANC, orthanc.pid());
    }

    /** The most memory that Strongroom's sidecar ever held, in MiB. */
    double sidecarPeakMiB() throws IOException {
        return usage.everMiB(SIDECAR, processes().get(SIDECAR));
    }

    /** Seconds of processor time of all its processes, of those before them too. */
    double cpuSeconds() throws IOException {
        return usage.cpuSeconds(processes());
    }

    /** Everything received is in the store and, if it is Strongroom's, checked there. */
    void ship() throws IOException {
        if (who.isStrongroom()) {
            clinic.cli("ship", "--now", "--timeout", "300 s").orFail();
        }
    }

    /** No body is on this machine any more, and nothing is on its way here. */
    void evict() throws IOException {
        if (line != null) {
            line.awaitQuiet(); // what reads ahead would fetch again what is evicted
        }
        if (who.isStrongroom()) {
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
