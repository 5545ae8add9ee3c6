/**
 * Packs that are carried to a tier on a disk instead of over the line: written to it, waited for, and recognised in the tier. Called
 * by the control server, and once at the start. A disk alone gives no receipt.
 */
package org.strongroom.sidecar.seed;
