/**
 * An OpenID Connect provider that knows users: sends browsers there, and believes what comes back only as far as its keys have signed it
 * for this client and this browser. Knows no session and no permission. Called by login; only where {@code Access.OpenIdConnect} is
 * set, so its library is not even loaded elsewhere.
 */
package org.strongroom.plugin.openid;
