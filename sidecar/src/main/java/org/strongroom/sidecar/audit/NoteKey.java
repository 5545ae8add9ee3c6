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

/** Who may sign checkpoints, or cosign them: the verifier key of a C2SP signed note, Ed25519. Immutable. */
final class NoteKey {
    /** Of a log: its signatures are over the note's text. */
    private static final byte LOG = 1;
    /** Of a witness: its signatures are {@link Cosignature}s. */
    private static final byte WITNESS = 4;

    /** What stands before a raw Ed25519 public key in its X.509 encoding (RFC 8410 §4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int RAW = 32;
    private static final int ID = 4;
    private static final int SIGNATURE = 64;

    private final String name;
    private final byte type;
    private final byte[] raw;

    private NoteKey(String name, byte type, byte[] raw) {
        this.name = name;
        this.type = type;
        this.raw = raw;
    }

    /**
     * That of a log.
     *
     * @param key an Ed25519 public key
     */
    static NoteKey of(String name, PublicKey key) {
        return new NoteKey(name, LOG, raw(key));
    }

    /** The same of a witness. */
    static NoteKey ofWitness(String name, PublicKey key) {
        return new NoteKey(name, WITNESS, raw(key));
    }

    private static byte[] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - RAW, encoded.length);
    }

    String name() {
        return name;
    }

    byte[] id() {
        byte[] text = (name + "\n").getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(Sha256.of(text, typed()).toBytes(), ID);
    }

    private byte[] typed() {
        return ByteBuffer.allocate(1 + RAW).put(type).put(raw).array();
    }

    /** {@code name+id+key}: one line, as {@code audit/key.pub} has it. */
    String encode() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed());
    }

    /** @throws StrongroomException CORRUPT if this is not the key of a log */
    static NoteKey parse(String encoded) {
        return parse(encoded, LOG);
    }

    /** @throws StrongroomException CORRUPT if this is not the key of a witness */
    static NoteKey parseWitness(String encoded) {
        return parse(encoded, WITNESS);
    }

    private static NoteKey parse(String encoded, byte type) {
        String[] parts = encoded.strip().split("\\+", 3);
        try {
            byte[] typed = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
            if (typed.length == 1 + RAW && typed[0] == type) {
                NoteKey key = new NoteKey(parts[0], type, Arrays.copyOfRange(typed, 1, typed.length));
                if (key.encode().equals(encoded.strip())) {
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            throw corrupt(type).causedBy(e);
        }
        throw corrupt(type);
    }

    /** Java would take a signature with a zero byte behind it as well. */
    boolean verifies(byte[] text, byte[] signature) {
        if (signature.length != SIGNATURE) {
            return false;
        }
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

    private static StrongroomException corrupt(byte type) {
        return StrongroomException.of(
                FailureKind.CORRUPT,
                type == LOG ? "not the verifier key of an audit log" : "not the verifier key of a witness");
    }
}
