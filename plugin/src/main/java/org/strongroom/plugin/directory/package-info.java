/**
 * An LDAP directory that knows users: asks it whether a password is right, and which of the settings' groups somebody is in. Knows
 * no session and no permission. Called by login; only where {@code Access.Directory} is set, so its library is not even loaded elsewhere.
 */
package org.strongroom.plugin.directory;
