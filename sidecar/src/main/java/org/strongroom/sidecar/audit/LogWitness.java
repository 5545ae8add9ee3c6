package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;

/**
 * Signs checkpoints of logs that only grew since it last looked (C2SP tlog-witness): never two different ones of one size, and none that
 * is smaller than one that it signed. What it signs is on its disk before anybody gets it. Thread-safe; one process has a folder.
 */
public final class LogWitness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogWitness.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SIZE = "text/x.tlog.size";

    private final Path logs;
    private final WitnessSigner signer;
    private final Map<String, NoteKey> known;
    private final InstantSource clock;
    private final FileChannel lock;

    /** What is answered to a request. */
    public record Answer(int status, String type, String body) {}

    private LogWitness(
            Path logs, WitnessSigner signer, Map<String, NoteKey> known, InstantSource clock, FileChannel lock) {
        this.logs = logs;
        this.signer = signer;
        this.known = known;
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * The witness in a folder; made if there is none.
     *
     * @param name for a new one; empty for the one that it has, or a random one
     * @param keys files with the verifier keys of the logs that it signs for; of each origin one
     * @throws StrongroomException REFUSED if another process has the folder, the key has another name or is lost, or two keys are of one
     *     origin; CORRUPT if a key is none
     */
    public static LogWitness open(Path folder, Optional<String> name, List<Path> keys, InstantSource clock)
            throws IOException {
        Map<String, NoteKey> known = new HashMap<>();
        for (Path file : keys) {
            NoteKey key = LogReader.keyIn(file);
            NoteKey other = known.put(key.name(), key);
            if (other != null && !other.encode().equals(key.encode())) {
                throw StrongroomException.of(FailureKind.REFUSED, "two keys of one log")
                        .with("log", key.name())
                        .cure("Name the key that it has now");
            }
        }
        Path logs = folder.resolve("logs");
        DurableFiles.createDirectories(logs);
        FileChannel lock = lock(folder);
        try {
            boolean begun;
            try (var files = Files.list(logs)) {
                begun = files.findAny().isPresent();
            }
            return new LogWitness(logs, WitnessSigner.open(folder, name, begun), known, clock, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("another one in this process", e);
        }
        channel.close();
        throw StrongroomException.of(FailureKind.REFUSED, "another witness has this folder")
                .with("folder", folder)
                .cure("End it first: two would sign two different logs");
    }

    /** The verifier key, one line. */
    public String key() {
        return signer.key().encode();
    }

    /**
     * Answers add-checkpoint.
     *
     * @throws IOException if nothing can be written; nothing is signed then
     * @throws StrongroomException CORRUPT if what was signed before cannot be read
     */
    public synchronized Answer add(byte[] body) throws IOException {
        WitnessRequest request;
        String text;
        Checkpoint now;
        try {
            request = WitnessRequest.parse(body);
            text = SignedNote.text(request.note());
            now = Checkpoint.parse(text);
        } catch (StrongroomException e) {
            return new Answer(400, TEXT, "not a checkpoint of an audit log\n");
        }
        NoteKey key = known.get(now.origin());
        if (key == null) {
            return new Answer(404, TEXT, "this log is not known here\n");
        }
        try {
            SignedNote.open(request.note(), key);
        } catch (StrongroomException e) {
            LOG.debug("not signed by its key: {}", now.origin()); // anybody can send that, as often as they like
            return new Answer(403, TEXT, "not signed by the key of this log that is known here\n");
        }
        if (request.old() > now.size()) {
            return new Answer(400, TEXT, "the old size is above that of the checkpoint\n");
        }
        Optional<Cosigned> last = last(now.origin());
        long size = last.map(one -> one.checkpoint().size()).orElse(0L);
        if (request.old() != size) {
            return new Answer(409, SIZE, size + "\n");
        }
        Sha256 root = last.map(one -> one.checkpoint().root()).orElse(Merkle.empty());
        boolean empty = now.size() > 0 || now.root().equals(Merkle.empty());
        if (!empty || !ConsistencyProof.verifies(size, root, now, request.proof())) {
            return refused(now, new Answer(422, TEXT, "this log did not grow out of the one that was signed here\n"));
        }
        String line = signer.line(text, clock.instant());
        String signed =
                SignedNote.line(key, SignedNote.signatures(request.note(), key).get(0));
        DurableFiles.replace(file(hash(now.origin())), (text + "\n" + signed + line).getBytes(StandardCharsets.UTF_8));
        return new Answer(200, TEXT, line);
    }

    private static Answer refused(Checkpoint checkpoint, Answer answer) {
        LOG.warn(
                "not signed: {}, {} entries: {}",
                checkpoint.origin(),
                checkpoint.size(),
                answer.body().strip());
        return answer;
    }

    /**
     * Answers who asks what was signed last.
     *
     * @param origin SHA-256 of the log's origin, in hexadecimal digits
     */
    public synchronized Answer newest(String origin) throws IOException {
        boolean isKnown = known.keySet().stream().anyMatch(name -> hash(name).equals(origin));
        if (!isKnown || !Files.exists(file(origin))) {
            return new Answer(404, TEXT, "nothing was signed here for this log\n");
        }
        return new Answer(200, TEXT, Files.readString(file(origin)));
    }

    private Optional<Cosigned> last(String origin) throws IOException {
        try {
            return Optional.of(Cosigned.open(Files.readAllBytes(file(hash(origin))), signer.key()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path file(String originHash) {
        return logs.resolve(originHash);
    }

    /** As the address of what was signed last has it. */
    static String hash(String origin) {
        return Sha256.of(origin.getBytes(StandardCharsets.UTF_8)).toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
