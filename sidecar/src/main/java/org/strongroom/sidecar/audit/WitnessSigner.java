package org.strongroom.sidecar.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/** The key with which a witness signs, in its folder. Thread-safe. */
final class WitnessSigner {
    /** PKCS#8, readable by its owner only. */
    private static final String SECRET = "cosigning.key";
    /** The verifier key, one line. */
    private static final String PUBLIC = "key.pub";

    private final NoteKey key;
    private final PrivateKey secret;

    private WitnessSigner(NoteKey key, PrivateKey secret) {
        this.key = key;
        this.secret = secret;
    }

    /**
     * The key in a folder; made if there is none.
     *
     * @param name of the witness; empty for the one that it has, or a random one
     * @param begun whether something was signed here before
     * @throws StrongroomException REFUSED if it has another name, or what it signed is there without it; CORRUPT if its two files do not
     *     belong together
     */
    static WitnessSigner open(Path folder, Optional<String> name, boolean begun) throws IOException {
        Path secretFile = folder.resolve(SECRET);
        Path publicFile = folder.resolve(PUBLIC);
        boolean whole = Files.exists(secretFile) && Files.exists(publicFile);
        if (begun && !whole) {
            throw StrongroomException.of(FailureKind.REFUSED, "the witness has lost its key")
                    .with("folder", folder)
                    .cure("Bring cosigning.key and key.pub back, or begin in another folder, with another key");
        }
        try {
            if (!Files.exists(secretFile)) {
                KeyPair pair = Ed25519.make();
                NoteKey made = NoteKey.ofWitness(
                        name.orElseGet(() -> "strongroom/witness/" + UUID.randomUUID()), pair.getPublic());
                DurableFiles.replace(publicFile, (made.encode() + "\n").getBytes(StandardCharsets.UTF_8));
                DurableFiles.replace(secretFile, pair.getPrivate().getEncoded());
            }
            NoteKey key = NoteKey.parseWitness(Files.readString(publicFile));
            PrivateKey secret = Ed25519.secret(Files.readAllBytes(secretFile));
            byte[] trial = "trial\n".getBytes(StandardCharsets.UTF_8);
            if (!key.verifies(trial, Ed25519.sign(secret, trial))) {
                throw mismatch(folder);
            }
            if (name.isPresent() && !name.get().equals(key.name())) {
                throw StrongroomException.of(FailureKind.REFUSED, "this witness has another name")
                        .with("name", key.name())
                        .cure("Leave out --name, or begin in another folder: the name is part of the key");
            }
            return new WitnessSigner(key, secret);
        } catch (GeneralSecurityException e) {
            throw mismatch(folder).causedBy(e);
        }
    }

    NoteKey key() {
        return key;
    }

    /** The line that says that the witness saw this checkpoint. */
    String line(String text, Instant now) {
        long seconds = now.getEpochSecond();
        return SignedNote.line(key, Cosignature.of(seconds, Ed25519.sign(secret, Cosignature.message(seconds, text))));
    }

    private static StrongroomException mismatch(Path folder) {
        return StrongroomException.of(FailureKind.CORRUPT, "the keys of the witness do not belong together")
                .with("folder", folder)
                .cure("Bring cosigning.key and key.pub back from the same backup");
    }
}
