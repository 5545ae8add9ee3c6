package org.strongroom.core.format.v1;

import java.security.SecureRandom;

/** Gives out the same bytes again and again, so that a test knows the salt. */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] bytes;

    FixedRandom(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = bytes[i % bytes.length];
        }
    }
}
