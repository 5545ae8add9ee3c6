package org.strongroom.core.control;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;

/**
 * Asks the sidecar (docs/control.md). Every call ends: with the answer, with the failure the sidecar reported (same kind,
 * text, context and cure), or with UNAVAILABLE if no sidecar answers in time; an answer that breaks the contract is BUG or
 * CORRUPT. Every call may be repeated. A sidecar that was started again has another port: connect anew. Thread-safe.
 */
public final class ControlClient {
    private static final Duration USUAL = Duration.ofSeconds(60);
    /** For what costs a sidecar nothing: one that needs longer hangs. */
    private static final Duration SOON = Duration.ofSeconds(5);
    /** For commands that touch every study or wait for a tier. */
    private static final Duration LONG = Duration.ofMinutes(10);
    /** How much later than the deadline it was told the sidecar may answer. */
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** Bytes per second below which a line counts as cut. */
    private static final int SLOWEST_LINE = 8 << 10;

    private final ControlFile peer;
    private final ControlCalls calls;

    private ControlClient(ControlFile peer) {
        this.peer = peer;
        this.calls = new ControlCalls(peer);
    }

    /**
     * Finds the sidecar that runs for this Home; sends nothing yet.
     *
     * @throws StrongroomException UNAVAILABLE if none has announced itself; otherwise as {@link ControlFile#read}
     */
    public static ControlClient connect(Home home) {
        try {
            return new ControlClient(ControlFile.read(home.control()));
        } catch (StrongroomException e) {
            throw e.kind() == FailureKind.UNAVAILABLE ? e.cure(ControlCalls.START) : e;
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the sidecar's control file cannot be read")
                    .with("file", home.control())
                    .cure("run this as the user that runs Orthanc, or as root")
                    .causedBy(e);
        }
    }

    /** Whom this client asks. */
    public ControlFile peer() {
        return peer;
    }

    /** Whether the sidecar still answers: returns, or fails within seconds. */
    public void alive() {
        calls.get("/v1/alive", SOON, Object.class);
    }

    public Status status() {
        return calls.get("/v1/status", USUAL, Status.class);
    }

    /** Where the bytes of one study are; NOT_FOUND if the key seals nothing. */
    public StudyStatus study(UUID key) {
        return calls.get("/v1/studies/" + key, USUAL, StudyStatus.class);
    }

    /** Calls {@code each} for every study, as the answer arrives. */
    public void studies(Consumer<StudyStatus> each) {
        calls.lines("/v1/studies", StudyStatus.class, each);
    }

    /** Calls {@code each} for every pack, as the answer arrives. */
    public void packs(Consumer<PackLine> each) {
        calls.lines("/v1/packs", PackLine.class, each);
    }

    /** Calls {@code each} for every sealed file that Orthanc has not removed, study by study, as the answer arrives. */
    public void files(Consumer<FileLine> each) {
        calls.lines("/v1/files", FileLine.class, each);
    }

    /** Bytes of a sealed file, wherever it is. NOT_FOUND: never seen. UNAVAILABLE: not to be had within {@code deadline}. */
    public long sealedSize(UUID attachment, Duration deadline) {
        return calls.size("/v1/sealed/" + attachment, deadline, deadline.plus(GRACE));
    }

    /**
     * A range of a sealed file, wherever it is; exactly {@code length} bytes, at least 1. The fetch goes on after a deadline
     * that was missed.
     *
     * @param doubt whether what came before did not open: then nothing is given that was not compared with its digest
     */
    public byte[] sealed(UUID attachment, long offset, int length, Duration deadline, boolean doubt) {
        String path = "/v1/sealed/" + attachment;
        return calls.range(path, offset, length, deadline, doubt, deadline.plus(GRACE));
    }

    /** A range of an object, straight from the tier; exactly {@code length} bytes, at least 1. */
    public byte[] tierObject(String tier, String name, long offset, int length) {
        return calls.range(object(tier, name), offset, length, null, false, forBytes(length));
    }

    /** A whole small object, straight from the tier; CORRUPT if it is longer than {@code most} bytes. */
    public byte[] tierObject(String tier, String name, int most) {
        return calls.whole(object(tier, name), most, forBytes(most));
    }

    /** An object of a tier, each range straight from the tier. Thread-safe. */
    public ByteSource tierSource(String tier, String name, long size) {
        return ByteSource.of(size, (position, target, targetOffset, length) -> {
            byte[] bytes = tierObject(tier, name, position, length);
            System.arraycopy(bytes, 0, target, targetOffset, length);
        });
    }

    /** Calls {@code each} for every object of a tier whose name starts with {@code prefix}, as the answer arrives. */
    public void tierObjects(String tier, String prefix, Consumer<ObjectLine> each) {
        String query = URLEncoder.encode(prefix, StandardCharsets.UTF_8);
        calls.lines("/v1/tiers/" + tier + "/objects?prefix=" + query, ObjectLine.class, each);
    }

    /** Marks a tier that was replaced or joins later. */
    public AddResult addTier(String tier) {
        return ControlJson.readAnswer(calls.post("/v1/tiers/" + tier + "/add", new byte[0], LONG), AddResult.class);
    }

    /** Begins, or goes on, to leave a tier for another one; or only tells how much that is. */
    public DrainStatus drain(String tier, DrainRequest request) {
        return calls.post("/v1/tiers/" + tier + "/drain", request, LONG, DrainStatus.class);
    }

    /** How far the draining of a tier is. */
    public DrainStatus drain(String tier) {
        return calls.get("/v1/tiers/" + tier + "/drain", USUAL, DrainStatus.class);
    }

    /** What is, or could be, carried to a tier on disks. */
    public SeedStatus seed(String tier) {
        return calls.get("/v1/tiers/" + tier + "/seed", USUAL, SeedStatus.class);
    }

    /** Writes one pack to a disk. FULL if that has no room. */
    public SeedExported exportSeed(String tier, SeedExportRequest request) {
        return calls.post("/v1/tiers/" + tier + "/seed/export", request, LONG, SeedExported.class);
    }

    /** Looks in the tier for some of what is on disks. */
    /** Deletes, or only counts, some packs of tenants whose studies do not go to a tier. */
    public TrimResult trim(String tier, TrimRequest request) {
        return calls.post("/v1/tiers/" + tier + "/trim", request, LONG, TrimResult.class);
    }

    public SeedReconciled reconcileSeed(String tier, SeedReconcileRequest request) {
        return calls.post("/v1/tiers/" + tier + "/seed/reconcile", request, LONG, SeedReconciled.class);
    }

    /** The line takes what is on disks; answers what that was. */
    public SeedStatus cancelSeed(String tier) {
        return ControlJson.readAnswer(
                calls.post("/v1/tiers/" + tier + "/seed/cancel", new byte[0], LONG), SeedStatus.class);
    }

    /** Tries again what failed, and plans every study at once if {@code now}; answers the backlog. Progress is in {@link #status}. */
    public ShipResult ship(boolean now) {
        return calls.post("/v1/ship", new ShipRequest(now), LONG, ShipResult.class);
    }

    /**
     * Those of these sealed files that have the receipts of as many tiers as {@code Copies} asks for. At most 5000.
     *
     * @param complete their studies are whole: what waits of them is packed and shipped now
     */
    public List<UUID> received(List<UUID> attachments, boolean complete) {
        return calls.post("/v1/receipts", new ReceiptsRequest(attachments, complete), SOON, ReceiptsAnswer.class)
                .received();
    }

    public UplinkStatus uplink() {
        return calls.get("/v1/uplink", USUAL, UplinkStatus.class);
    }

    public UplinkStatus uplink(UplinkRequest request) {
        return calls.post("/v1/uplink", request, USUAL, UplinkStatus.class);
    }

    public EvictResult evict(EvictRequest request) {
        return calls.post("/v1/evict", request, LONG, EvictResult.class);
    }

    /** Has studies go first, or as all others again. */
    public UrgentResult urgent(UrgentRequest request) {
        return calls.post("/v1/urgent", request, LONG, UrgentResult.class);
    }

    public PrefetchResult prefetch(PrefetchRequest request) {
        return calls.post("/v1/prefetch", request, LONG, PrefetchResult.class);
    }

    public UndeleteResult undelete(UndeleteRequest request) {
        return calls.post("/v1/undelete", request, LONG, UndeleteResult.class);
    }

    /** Journals a hold, or the end of one; it is in force when this returns. UNAVAILABLE if no Orthanc is connected. */
    public void hold(HoldRequest request) {
        calls.post("/v1/holds", ControlJson.write(request), LONG);
    }

    /** Has a step of an erasure carried out; it is when this returns. UNAVAILABLE if no Orthanc is connected. */
    public void erase(ErasureRequest request) {
        calls.post("/v1/erasures", ControlJson.write(request), LONG);
    }

    /** Gives studies to another tenant; they are that one's when this returns. UNAVAILABLE if no Orthanc is connected. */
    public void assign(AssignmentRequest request) {
        calls.post("/v1/assignments", ControlJson.write(request), LONG);
    }

    /** Has it recorded that an export in clear begins, or has ended; it is when this returns. */
    public void export(ExportNotice notice) {
        calls.post("/v1/exports", ControlJson.write(notice), USUAL);
    }

    /** Has it recorded that somebody reads the audit log; it is when this returns. */
    public void logRead(LogRead read) {
        calls.post("/v1/log-reads", ControlJson.write(read), USUAL);
    }

    /** What the audit log proves of an erasure; the statement is signed in it when this returns. */
    public CertificateProofs certify(CertificateRequest request) {
        return calls.post("/v1/certificates", request, LONG, CertificateProofs.class);
    }

    /** Has the end of a trial recovery recorded; it is when this returns. */
    public void drilled(DrillNotice notice) {
        calls.post("/v1/drills", ControlJson.write(notice), USUAL);
    }

    /** The time by which something may be deleted for good. */
    public Instant patientTime() {
        return calls.get("/v1/time", LONG, PatientTime.class).time();
    }

    /** What there is of what a key sealed, here and in the tiers. UNAVAILABLE while nobody can tell. */
    public Remains remains(UUID key) {
        return calls.get("/v1/remains/" + key, LONG, Remains.class);
    }

    /** Calls {@code each} for some of what a key sealed and Orthanc has not removed, the first that came. UNAVAILABLE while nobody can tell. */
    public void living(UUID key, Consumer<LivingFile> each) {
        calls.lines("/v1/living/" + key, LivingFile.class, each);
    }

    /**
     * Compares everything, and calls {@code each} for every line of the answer as it arrives; the last one is the result.
     *
     * @param index Orthanc's own SQLite index, to be read where no Orthanc runs; null to ask Orthanc
     * @param storage with {@code index}: Orthanc's StorageDirectory
     * @param pause before what seems wrong is looked at again
     */
    public void fsck(Path index, Path storage, Duration pause, Consumer<FsckLine> each) {
        String query = index == null ? "" : "&index=" + encoded(index) + "&storage=" + encoded(storage);
        calls.lines("/v1/fsck?pause=" + pause.toSeconds() + query, FsckLine.class, each);
    }

    /** Calls {@code each} for every attachment that Orthanc's own SQLite index knows, to be read where no Orthanc runs. */
    public void index(Path index, Consumer<IndexLine> each) {
        calls.lines("/v1/index?index=" + encoded(index), IndexLine.class, each);
    }

    /** As {@link #fsck}, of an Orthanc whose index is lost for good: what it does not know may be given back. */
    public void fsckAfterLoss(Consumer<FsckLine> each) {
        calls.lines("/v1/fsck?indexLost=true", FsckLine.class, each);
    }

    /** Repairs what {@link #fsck} found. */
    public RepairResult repair(RepairRequest request) {
        return calls.post("/v1/fsck/repair", request, LONG, RepairResult.class);
    }

    /**
     * What there is to do; waits up to {@code wait} (30 s at most) for something. Asking is the plugin's heartbeat.
     *
     * @param asker this life of the plugin: the first question of a new one takes over what earlier ones did not answer
     */
    public List<Work> work(UUID asker, Duration wait) {
        long seconds = Math.min(wait.toSeconds(), Protocol.MAX_WAIT_SECONDS);
        return calls.get("/v1/work?asker=" + asker + "&wait=" + seconds, USUAL, WorkItems.class)
                .items();
    }

    /** Answers an item of {@link #work}. */
    public void answer(String id, WorkAnswer answer) {
        calls.post("/v1/work/" + id, ControlJson.write(answer), USUAL);
    }

    /** Delivers a part of what {@link Work.ListIndex} asks for. */
    public void attachments(String id, IndexBatch batch) {
        calls.post("/v1/work/" + id + "/attachments", ControlJson.write(batch), USUAL);
    }

    public void notices(Notices notices) {
        calls.post("/v1/notices", ControlJson.write(notices), USUAL);
    }

    /** Tells a supervised sidecar that its Orthanc stops. */
    public void released() {
        calls.post("/v1/released", new byte[0], GRACE);
    }

    private static String encoded(Path path) {
        return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
    }

    private static String object(String tier, String name) {
        return "/v1/tiers/" + tier + "/objects/" + name;
    }

    private static Duration forBytes(int length) {
        return USUAL.plusSeconds(length / SLOWEST_LINE);
    }
}
