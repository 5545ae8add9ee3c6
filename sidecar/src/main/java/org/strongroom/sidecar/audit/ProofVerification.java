package org.strongroom.sidecar.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.control.ProvedEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/** Checks C2SP tlog-proofs with nothing but the verifier key of the log. Immutable. */
public final class ProofVerification {
    private static final String INDEX = "index ";

    private final NoteKey key;

    private ProofVerification(NoteKey key) {
        this.key = key;
    }

    /**
     * With the log's verifier key, one line.
     *
     * @throws StrongroomException CORRUPT if it is none
     */
    public static ProofVerification by(String key) {
        return new ProofVerification(NoteKey.parse(key));
    }

    /** The line of the verifier key. */
    public String key() {
        return key.encode();
    }

    /**
     * What an event says that is proved to be in the log.
     *
     * @throws StrongroomException CORRUPT if it is not, with what is wrong
     */
    public AuditEntry open(ProvedEvent event) {
        int end = event.proof().indexOf("\n\n");
        if (end < 0) {
            throw corrupt("this is no proof");
        }
        String[] lines = event.proof().substring(0, end).split("\n", -1);
        if (lines.length < 2 || !lines[0].equals(InclusionProof.VERSION) || !lines[1].equals(INDEX + event.index())) {
            throw corrupt("this is no proof, or that of an event at another place");
        }
        byte[] note = event.proof().substring(end + 2).getBytes(StandardCharsets.UTF_8);
        Checkpoint checkpoint = LogReader.open(note, key);
        byte[] entry = event.event().getBytes(StandardCharsets.UTF_8);
        if (!leadsTo(checkpoint, event.index(), Merkle.leaf(entry), path(lines))) {
            throw corrupt("the event, or the hashes of its proof, are not those of the log");
        }
        return AuditEntry.decode(entry);
    }

    private static List<Sha256> path(String[] lines) {
        List<Sha256> path = new ArrayList<>();
        try {
            for (int line = 2; line < lines.length; line++) {
                Sha256 hash = new Sha256(Base64.getDecoder().decode(lines[line]));
                if (!Base64.getEncoder().encodeToString(hash.toBytes()).equals(lines[line])) {
                    throw corrupt("a hash of the proof is none");
                }
                path.add(hash);
            }
        } catch (IllegalArgumentException e) {
            throw corrupt("a hash of the proof is none").causedBy(e);
        }
        return path;
    }

    /** RFC 9162 §2.1.3.2. */
    private static boolean leadsTo(Checkpoint checkpoint, long index, Sha256 leaf, List<Sha256> path) {
        if (index >= checkpoint.size()) {
            return false;
        }
        long at = index;
        long last = checkpoint.size() - 1;
        Sha256 root = leaf;
        for (Sha256 hash : path) {
            if (last == 0) {
                return false;
            }
            if ((at & 1) == 1 || at == last) {
                root = Merkle.node(hash, root);
                while ((at & 1) == 0 && at != 0) {
                    at >>>= 1;
                    last >>>= 1;
                }
            } else {
                root = Merkle.node(root, hash);
            }
            at >>>= 1;
            last >>>= 1;
        }
        return last == 0 && root.equals(checkpoint.root());
    }

    private static StrongroomException corrupt(String what) {
        return StrongroomException.of(FailureKind.CORRUPT, what);
    }
}
