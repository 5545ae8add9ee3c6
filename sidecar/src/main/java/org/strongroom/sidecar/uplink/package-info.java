/**
 * The one budget for everything that this machine sends: how much in a second, and who goes first. Knows bytes and times; nothing
 * of tiers, packs or the ledger. Tiers ask it for every slice they send; the rooms say how urgent their work is.
 */
package org.strongroom.sidecar.uplink;
