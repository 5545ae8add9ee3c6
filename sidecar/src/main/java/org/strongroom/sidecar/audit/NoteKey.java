package org.strongroom.sidecar.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;

/** Who may sign checkpoints: the verifier key of a C2SP signed note, Ed25519. Immutable. */
final class NoteKey {
    private static final byte ED25519 = 1;
    /** What stands before a raw Ed25519 public key in its X.509 encoding (RFC 8410 §4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int RAW = 32;
    private static final int ID = 4;

    private final String name;
    private final byte[] raw;

    private NoteKey(String name, byte[] raw) {
        this.name = name;
        this.raw = raw;
    }

    /** @param key an Ed25519 public key */
    static NoteKey of(String name, PublicKey key) {
        byte[] encoded = key.getEncoded();
        return new NoteKey(name, Arrays.copyOfRange(encoded, encoded.length - RAW, encoded.length));
    }

    String name() {
        return name;
    }

    byte[] id() {
        byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(Sha256.of(text, typed()).toBytes(), ID);
    }

    private byte[] typed() {
        return ByteBuffer.allocate(1 + RAW).put(ED25519).put(raw).array();
    }

    /** {@code name+id+key}: one line, as {@code audit/key.pub} has it. */
    String encode() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    /** @throws StrongroomException CORRUPT if this is no such key */
    static NoteKey parse(String encoded) {
        String[] parts = encoded.strip().split("\\+", 3);
        try {
            byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
            if (typed.length == 1 + RAW && typed[0] == ED25519) {
                NoteKey key = new NoteKey(parts[0], Arrays.copyOfRange(typed, 1, typed.length));
                if (key.encode().equals(encoded.strip())) {
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            throw corrupt().causedBy(e);
        }
        throw corrupt();
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            byte[] x509 = ByteBuffer.allocate(X509_PREFIX.length + RAW)
                    .put(X509_PREFIX)
                    .put(raw)
                    .array();
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509)));
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // a key or signature that is none
        }
    }

    private static StrongroomException corrupt() {
        return StrongroomException.of(FailureKind.CORRUPT, "not the verifier key of an audit log");
    }
}
