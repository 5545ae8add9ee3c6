package org.strongroom.plugin.keyservice;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key that stays in a stand-in. */
final class BlindKey {
    private final byte[] key = random(32);

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /** Base64 to base64. */
    String encrypt(String plain, String context) {
        byte[] nonce = random(12);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(nonce);
        try {
            all.writeBytes(cipher(Cipher.ENCRYPT_MODE, nonce, context)
                    .doFinal(Base64.getDecoder().decode(plain)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return Base64.getEncoder().encodeToString(all.toByteArray());
    }

    /** Base64 to base64; null if this key did not make it, or in another context. */
    String decrypt(String wrapped, String context) {
        try {
            byte[] all = Base64.getDecoder().decode(wrapped);
            byte[] plain =
                    cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, 12), context).doFinal(all, 12, all.length - 12);
            return Base64.getEncoder().encodeToString(plain);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
