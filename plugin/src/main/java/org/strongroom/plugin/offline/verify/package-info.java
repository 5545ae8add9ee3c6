/**
 * {@code strongroom verify} and {@code strongroom fsck}: whether everything is where it should be, and opens; and the ledger, which is made
 * again. Called by the command line alone.
 */
package org.strongroom.plugin.offline.verify;
