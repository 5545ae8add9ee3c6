/**
 * A limit of the uplink that a person orders for a while. Called by control, and once at the start, before anything is sent. What
 * is ordered outlives the sidecar; with the ledger it is forgotten, and the settings hold.
 */
package org.strongroom.sidecar.limit;
