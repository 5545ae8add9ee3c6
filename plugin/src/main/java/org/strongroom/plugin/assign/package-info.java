/**
 * Studies that a person gives to another tenant: the order, the journal's entry of it, and what follows from that for keys, holds and
 * {@link org.strongroom.plugin.tenancy}. Orders are made by the command line, which has the keys, and carried out by whoever may write
 * the journal. Keys are never made again: what one has sealed stays as it is, and is somebody else's.
 */
package org.strongroom.plugin.assign;
