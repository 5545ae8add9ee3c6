package org.strongroom.plugin.webauthn;

/**
 * What a browser says for a key that shows itself, in base64url; nothing of it is believed. Immutable.
 *
 * @param id of the key
 * @param client JSON that the browser made: challenge, origin
 * @param authenticator data that the key made: for whom, whether it was touched, counter
 * @param signature of both
 * @param handle of the user, if the key remembers one; else empty
 */
public record Assertion(String id, String client, String authenticator, String signature, String handle) {}
