package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/** The key that signs checkpoints (format.md §9.3, decision 33). Thread-safe. */
final class CheckpointSigner {
    /** PKCS#8, readable by its owner only. */
    static final String FILE = "signing.key";
    /** The verifier key, one line. */
    static final String PUBLIC = "key.pub";

    private final NoteKey key;
    private final PrivateKey secret;

    private CheckpointSigner(NoteKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    static String origin(UUID installation) {
        return "strongroom/audit/" + installation;
    }

    /**
     * The key in the folder of a log; made if the folder has neither it nor a log.
     *
     * @throws StrongroomException REFUSED if there is a log without its key, or the other way round
     */
    static CheckpointSigner open(Path folder, UUID installation, boolean begun) throws IOException {
        Path secretFile = folder.resolve(FILE);
        Path publicFile = folder.resolve(PUBLIC);
        if (begun && !(Files.exists(secretFile) && Files.exists(publicFile))) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "the audit log has lost its signing key or its verifier key")
                    .with("folder", folder)
                    .cure("Bring signing.key and key.pub back from a backup of Home; or set the folder aside as"
                            + " evidence, and a new log begins");
        }
        try {
            if (!Files.exists(secretFile)) {
                KeyPair pair = Ed25519.make();
                NoteKey made = NoteKey.of(origin(installation), pair.getPublic());
                // The verifier key first: a kill between the two leaves it without a secret, and it is written again.
                DurableFiles.replace(publicFile, (made.encode() + "\n").getBytes(StandardCharsets.UTF_8));
                DurableFiles.replace(secretFile, pair.getPrivate().getEncoded());
            }
            NoteKey key = NoteKey.parse(Files.readString(publicFile));
            PrivateKey secret = Ed25519.secret(Files.readAllBytes(secretFile));
            CheckpointSigner signer = new CheckpointSigner(key, secret);
            byte[] trial = "trial\n".getBytes(StandardCharsets.UTF_8);
            if (!key.name().equals(origin(installation)) || !key.verifies(trial, signer.sign(trial))) {
                throw mismatch(folder);
            }
            return signer;
        } catch (GeneralSecurityException e) {
            throw mismatch(folder).causedBy(e);
        }
    }

    NoteKey key() {
        return key;
    }

    /** The checkpoint as a signed note. */
    byte[] sign(Checkpoint checkpoint) {
        String text = checkpoint.text();
        return SignedNote.of(text, key, sign(text.getBytes(StandardCharsets.UTF_8)));
    }

    private byte[] sign(byte[] text) {
        return Ed25519.sign(secret, text);
    }

    private static StrongroomException mismatch(Path folder) {
        return StrongroomException.of(FailureKind.CORRUPT, "the keys of the audit log do not belong together")
                .with("folder", folder)
                .with("files", Arrays.asList(FILE, PUBLIC))
                .cure("Bring both back from the same backup of Home; each tier has the verifier key under audit/");
    }
}
