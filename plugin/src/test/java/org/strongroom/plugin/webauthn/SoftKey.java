package org.strongroom.plugin.webauthn;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A security key and the browser before it, with all that they say open to change. */
public final class SoftKey {
    /** What it signs with. */
    public enum Kind {
        ES256,
        EDDSA,
        RS256
    }

    private static final int UP = 0x01;
    private static final int UV = 0x04;
    private static final int BE = 0x08;
    private static final int AT = 0x40;

    /** Where the browser is. */
    public String origin = "https://pacs.clinic.example";
    /** Whom the browser asks for. */
    public String host = "pacs.clinic.example";

    public boolean touched = true;
    public boolean inAnotherSite;
    public boolean copiesInTheCloud;
    /** Of the next signature; a key that has none says 0 for ever. */
    public int counter;

    public boolean counts;
    /** What it remembers the user by; empty if it does not. */
    public String handle = "";

    private final Kind kind;
    private final KeyPair pair;
    public final byte[] id = new byte[32];

    public SoftKey(Kind kind) {
        this.kind = kind;
        new SecureRandom().nextBytes(id);
        try {
            KeyPairGenerator maker = KeyPairGenerator.getInstance(
                    switch (kind) {
                        case ES256 -> "EC";
                        case EDDSA -> "Ed25519";
                        case RS256 -> "RSA";
                    });
            if (kind == Kind.ES256) {
                maker.initialize(new ECGenParameterSpec("secp256r1"));
            }
            pair = maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public Creation create(String challenge) {
        byte[] key = Cbor.of(cose());
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(authenticator(AT));
        data.writeBytes(new byte[16]); // of no known model
        data.write(0);
        data.write(id.length);
        data.writeBytes(id);
        data.writeBytes(key);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("fmt", "none");
        object.put("attStmt", Map.of());
        object.put("authData", data.toByteArray());
        return new Creation(text(client("webauthn.create", challenge)), text(Cbor.of(object)));
    }

    public Assertion show(String challenge) {
        return show("webauthn.get", challenge);
    }

    Assertion show(String type, String challenge) {
        byte[] client = client(type, challenge);
        byte[] data = authenticator(0);
        return new Assertion(text(id), text(client), text(data), text(sign(data, client)), handle);
    }

    private byte[] client(String type, String challenge) {
        String json = "{\"type\":\"" + type + "\",\"challenge\":\"" + challenge + "\",\"origin\":\"" + origin
                + "\",\"crossOrigin\":" + inAnotherSite + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticator(int flags) {
        int all = flags | (touched ? UP | UV : 0) | (copiesInTheCloud ? BE : 0);
        counter += counts ? 1 : 0;
        return ByteBuffer.allocate(37)
                .put(sha256(host.getBytes(StandardCharsets.UTF_8)))
                .put((byte) all)
                .putInt(counter)
                .array();
    }

    private byte[] sign(byte[] data, byte[] client) {
        try {
            Signature signature = Signature.getInstance(
                    switch (kind) {
                        case ES256 -> "SHA256withECDSA";
                        case EDDSA -> "Ed25519";
                        case RS256 -> "SHA256withRSA";
                    });
            signature.initSign(pair.getPrivate());
            signature.update(data);
            signature.update(sha256(client));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 9053: the key's type, its algorithm and its numbers. */
    private Map<Integer, Object> cose() {
        Map<Integer, Object> key = new LinkedHashMap<>();
        if (pair.getPublic() instanceof ECPublicKey point) {
            key.putAll(Map.of(1, 2, 3, -7, -1, 1));
            key.put(-2, bytes(point.getW().getAffineX(), 32));
            key.put(-3, bytes(point.getW().getAffineY(), 32));
        } else if (pair.getPublic() instanceof EdECPublicKey point) {
            key.putAll(Map.of(1, 1, 3, -8, -1, 6));
            byte[] x = reversed(bytes(point.getPoint().getY(), 32));
            x[31] |= (byte) (point.getPoint().isXOdd() ? 0x80 : 0);
            key.put(-2, x);
        } else if (pair.getPublic() instanceof RSAPublicKey rsa) {
            key.putAll(Map.of(1, 3, 3, -257));
            key.put(-1, bytes(rsa.getModulus(), 256));
            key.put(-2, bytes(rsa.getPublicExponent(), 3));
        }
        return key;
    }

    private static byte[] bytes(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int from = Math.max(0, bytes.length - length);
        int size = bytes.length - from;
        System.arraycopy(bytes, from, fixed, length - size, size);
        return fixed;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = Arrays.copyOf(bytes, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
