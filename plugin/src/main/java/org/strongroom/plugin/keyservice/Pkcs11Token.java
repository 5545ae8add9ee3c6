package org.strongroom.plugin.keyservice;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.crypto.Cipher;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Pkcs11Settings;
import org.strongroom.core.time.OwnThread;
import org.strongroom.plugin.credential.Credential;

/**
 * An RSA key in a PKCS#11 token: wraps with its public half, here; unwraps in the token, which the private half never leaves
 * (RSAES-OAEP, format.md §5.2).
 */
public final class Pkcs11Token implements KeyService {
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final int FEWEST_BITS = 2048;
    private static final String OAEP = "RSA/ECB/OAEPWithSHA-1AndMGF1Padding";

    private final Pkcs11Settings settings;
    private final Credential pin;

    /** @param environment of this process, where {@code PinEnv} may be */
    public Pkcs11Token(Pkcs11Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.pin = new Credential("RootKey.Pkcs11.Pin", settings.pinFile(), settings.pinEnv(), environment);
    }

    @Override
    public String kind() {
        return "pkcs11";
    }

    @Override
    public Wrapped wrap(byte[] secret) {
        return inSession(session -> {
            TokenSession.Key key = session.key();
            if (key.modulus().bitLength() < FEWEST_BITS) {
                throw StrongroomException.of(FailureKind.REFUSED, "Strongroom.RootKey.Pkcs11.Key is too short")
                        .with("bits", key.modulus().bitLength())
                        .cure("Make one of 3072 bits");
            }
            byte[] wrapped = encrypt(key, secret);
            if (session.decrypt(key, wrapped)
                    .filter(opened -> Arrays.equals(opened, secret))
                    .isEmpty()) {
                throw StrongroomException.of(
                                FailureKind.REFUSED, "the PKCS#11 token does not unwrap what was wrapped for it")
                        .with("key", settings.key())
                        .cure("Use a token that has RSAES-OAEP (CKM_RSA_PKCS_OAEP) and a key that may decrypt");
            }
            return new Wrapped(fingerprint(key), Base64.getEncoder().encodeToString(wrapped));
        });
    }

    @Override
    public byte[] unwrap(Wrapped wrapped) {
        return inSession(session -> {
            TokenSession.Key key = session.key();
            if (!fingerprint(key).equals(wrapped.key())) {
                throw wrapped.isOfAnother("the PKCS#11 token").with("token's key", fingerprint(key));
            }
            return session.decrypt(key, wrapped.bytes()).orElseThrow(() -> StrongroomException.of(
                            FailureKind.REFUSED, "the PKCS#11 token does not unwrap this Home's root key")
                    .with("key", settings.key())
                    .cure("See that its key may decrypt (CKA_DECRYPT). If keyring/root.json was changed, bring it"
                            + " back from a backup of Home, or from a tier's installation/root-…"));
        });
    }

    private <T> T inSession(Function<TokenSession, T> work) {
        try {
            return OwnThread.within("strongroom-key-service", ANSWER, () -> {
                try (TokenSession session = TokenSession.open(settings, pin::read)) {
                    return work.apply(session);
                }
            });
        } catch (TimeoutException | ExecutionException e) {
            throw silent().with("seconds", ANSWER.toSeconds()).causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw silent().causedBy(e);
        }
    }

    private StrongroomException silent() {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "the PKCS#11 token does not answer")
                .with("token", settings.token())
                .cure("Look at the token and its service; then start Orthanc again");
    }

    private static byte[] encrypt(TokenSession.Key key, byte[] secret) {
        try {
            Cipher cipher = Cipher.getInstance(OAEP);
            cipher.init(Cipher.ENCRYPT_MODE, publicKey(key.modulus(), key.exponent()));
            return cipher.doFinal(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    /** SHA-256 of the public half as an X.509 SubjectPublicKeyInfo: what vendors' tools show. */
    private static String fingerprint(TokenSession.Key key) {
        try {
            byte[] encoded = publicKey(key.modulus(), key.exponent()).getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    private static PublicKey publicKey(BigInteger modulus, BigInteger exponent) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }
}
