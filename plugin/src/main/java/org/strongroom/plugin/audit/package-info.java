/**
 * The plugin's one door to the audit log: what happens is on the disk, for the sidecar to sequence, before it is answered. Every package
 * of the plugin may record; nothing here asks back. What names a patient passes only as a commitment.
 */
package org.strongroom.plugin.audit;
