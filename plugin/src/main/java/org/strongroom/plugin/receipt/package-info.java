/**
 * The plugin's half of a receipt, and the other work that needs keys: asks the sidecar what there is to do, reads tiers
 * through it, and answers. Trusts nothing that the sidecar says about content.
 */
package org.strongroom.plugin.receipt;
