package org.strongroom.sidecar.tier;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** MD5, because stores enforce it: a guard against accidents on the line, never against people. */
public final class Md5 {
    private Md5() {}

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    public static byte[] of(byte[] content) {
        return digest().digest(content);
    }
}
