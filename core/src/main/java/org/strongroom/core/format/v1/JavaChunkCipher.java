package org.strongroom.core.format.v1;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** {@link ChunkCipher} by Java's own AES-GCM. Its threads take turns. */
public final class JavaChunkCipher implements ChunkCipher {
    private final SecretKeySpec key;
    private final Cipher cipher;

    /** @throws StrongroomException BUG if this Java has none */
    public JavaChunkCipher(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw StrongroomException.of(FailureKind.BUG, "this Java has no AES-GCM")
                    .causedBy(e)
                    .cure("Run with a complete Java 17 or newer (module java.base, provider SunJCE)");
        }
    }

    @Override
    public synchronized void seal(byte[] nonce, byte[] plain, int offset, int length, byte[] sealed) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_SIZE, nonce));
            cipher.doFinal(plain, offset, length, sealed, 0);
        } catch (GeneralSecurityException e) {
            throw StrongroomException.of(FailureKind.BUG, "AES-GCM refused to seal")
                    .causedBy(e);
        }
    }

    @Override
    public synchronized boolean open(
            byte[] nonce, byte[] sealed, int offset, int length, byte[] plain, int plainOffset) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_SIZE, nonce));
            cipher.doFinal(sealed, offset, length, plain, plainOffset);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw StrongroomException.of(FailureKind.BUG, "AES-GCM refused to open")
                    .causedBy(e);
        }
    }
}
