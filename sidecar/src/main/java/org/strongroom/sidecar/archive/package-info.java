/**
 * Old packs go to a store's archive class, after their heads lie beside them where they can be read at once, and come back when
 * somebody asks for them. The ledger only remembers what a store can be asked again. Called by its rounds, and by {@code fetch},
 * {@code ship} and {@code scrub} when what they read is archived.
 */
package org.strongroom.sidecar.archive;
