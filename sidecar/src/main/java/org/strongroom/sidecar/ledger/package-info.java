/**
 * What the sidecar knows: files, studies, packs, copies, uploads, key bundles, tombstones, in one SQLite file. A cache of
 * facts that spool, cache, tiers and journal hold for good, so it may be lost. Every other room of the sidecar calls it; it
 * calls nobody.
 */
package org.strongroom.sidecar.ledger;
