/**
 * The audit log (format.md §9): takes what was recorded, sequences it exactly once into a Merkle tree with signed checkpoints, and anchors
 * these in the tiers. The rounds drive it; the command line verifies, proves and searches; whoever forwards entries reads them through
 * {@link org.strongroom.sidecar.audit.LogReader}, by position, never beyond the checkpoint. Holds the checkpoint's signing key and no
 * other, and cannot tell whose study an entry means. Both sides of witnessing are here: asking one, and being one.
 */
package org.strongroom.sidecar.audit;
