/**
 * Compares what Orthanc's index, this machine's disks, the ledger and the tiers say of every attachment, and repairs what can be
 * repaired without losing anything. Called by the control server when a person asks; changes nothing while it compares. Goes
 * through one shard of 256 at a time, and looks twice at whatever seems wrong, since images come and go meanwhile.
 */
package org.strongroom.sidecar.fsck;
