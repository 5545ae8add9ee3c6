package org.strongroom.plugin.webauthn;

/**
 * What a browser says of a key that is to be added, in base64url; nothing of it is believed. Immutable.
 *
 * @param client JSON that the browser made: challenge, origin
 * @param attestation CBOR that the key made: its id and public key
 */
public record Creation(String client, String attestation) {}
