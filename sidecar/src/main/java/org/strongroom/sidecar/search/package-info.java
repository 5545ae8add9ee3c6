/**
 * Finds events of the audit log without reading all of it: an index beside the log, which can be made again of it at any time, and the
 * search through both. The index is grown by one round and read by commands; whatever it says is looked up in the log. It is not signed:
 * who must not be deceived searches without it.
 */
package org.strongroom.sidecar.search;
