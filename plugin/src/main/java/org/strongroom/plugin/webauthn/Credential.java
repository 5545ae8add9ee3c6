package org.strongroom.plugin.webauthn;

/**
 * What is kept of a security key: nothing of it is a secret. Immutable.
 *
 * @param id its name for itself, in base64url
 * @param data attested credential data (WebAuthn §6.5.1: authenticator's model, id, public key in COSE), in base64url
 * @param counter of its last signature; 0 for ever if the key has none
 * @param backupEligible whether copies of it may be in its maker's cloud, as it said when it was added
 */
public record Credential(String id, String data, long counter, boolean backupEligible) {
    /** After a signature. */
    public Credential countedTo(long next) {
        return new Credential(id, data, next, backupEligible);
    }
}
