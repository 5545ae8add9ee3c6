/** Argon2id, for the passphrase of the root key and the passwords of users. */
package org.strongroom.plugin.argon2;
