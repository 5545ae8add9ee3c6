/**
 * Security keys and passkeys (W3C Web Authentication, level 2): whether what a browser sends was made for this Orthanc, for this challenge,
 * by the key that it names. Knows no user, no session and remembers nothing. Called by login; its library is loaded when the first key is
 * added or used, so never where {@code Access.Login.Address} is not set.
 */
package org.strongroom.plugin.webauthn;
