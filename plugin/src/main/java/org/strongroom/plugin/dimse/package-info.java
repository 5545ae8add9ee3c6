/**
 * Answers what modalities and workstations ask by DICOM (C-FIND, C-MOVE) with what is their tenant's alone, sends it to the tenant's own
 * destinations only, and records every question and transfer. Made by the plugin's start if there are several tenants or it has to be
 * recorded; called by the bridge. Whose things are it asks {@link org.strongroom.plugin.dimse.Holdings}.
 */
package org.strongroom.plugin.dimse;
