/**
 * Secrets and certificates that settings only name: read from files and the environment when they are needed, and kept nowhere.
 * Called by the rooms that show them to somebody: keys, keyservice and directory.
 */
package org.strongroom.plugin.credential;
