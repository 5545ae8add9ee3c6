/**
 * Step 3 of an instance's life: what the plugin put into the spool, and what the journal says of it, becomes known to the
 * ledger. Files are the truth; nothing here deletes one that is not a crash's leftover. Runs as two rounds.
 */
package org.strongroom.sidecar.intake;
