/**
 * Links that show one study to somebody without an account: making them, taking them back, and who holds one. What a link opens, the access
 * layer decides. Called by the login; asks {@link org.strongroom.plugin.login.share.SharedStudies} about studies.
 */
package org.strongroom.plugin.login.share;
