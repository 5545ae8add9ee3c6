/**
 * Step 4 of an instance's life: when a study is quiet or big enough, a plan freezes which of its sealed files make a pack, in
 * reading order, with their digests. The plan is in the ledger before anything is sent. Runs as a round; called by control.
 */
package org.strongroom.sidecar.pack;
