package org.strongroom.plugin.journal;

/** Whoever holds the journal's private key. Thread-safe. */
@FunctionalInterface
public interface HeadSigner {
    /** The Ed25519 signature (64 bytes) of {@code message}. */
    byte[] sign(byte[] message);
}
