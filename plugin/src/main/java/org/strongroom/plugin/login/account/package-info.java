/**
 * Who may come in: users of the settings, of a directory or of an OpenID Connect provider, and whether a password is theirs. Called by the
 * other rooms of {@code login}, and by the plugin's start, which reads the accounts.
 */
package org.strongroom.plugin.login.account;
