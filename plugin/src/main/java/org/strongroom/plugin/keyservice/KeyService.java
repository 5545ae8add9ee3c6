package org.strongroom.plugin.keyservice;

/**
 * Wraps a root key with a key that only it has, and that does not leave it. Obligations: each call asks the service itself and
 * ends within two minutes; nothing is tried again here; what fails names setting, value and cure and no secret: UNAVAILABLE if
 * the service does not answer, else REFUSED. Take care when adding methods. Thread-safe.
 */
public interface KeyService {
    /** {@code pkcs11}, {@code vault}, {@code awsKms}, as in {@code keyring/root.json}. */
    String kind();

    /** @param secret 32 bytes */
    Wrapped wrap(byte[] secret);

    /** What {@link #wrap} was given; the caller wipes it. */
    byte[] unwrap(Wrapped wrapped);
}
