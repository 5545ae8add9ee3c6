package org.strongroom.plugin.openid;

/**
 * What one browser takes to the provider and has to come back with. Immutable.
 *
 * @param state comes back with the browser, as it was
 * @param nonce comes back in the ID token
 * @param verifier is only shown to the provider itself, when the code is redeemed (RFC 7636)
 */
public record Journey(String state, String nonce, String verifier) {
    @Override
    public String toString() {
        return "***";
    }
}
