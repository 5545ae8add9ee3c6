/**
 * Puts into force what {@link org.strongroom.plugin.access} decides: asks the login who it is, lets requests pass, refuses and records
 * them, and answers the lists that Orthanc would give whole. Made by the plugin's start only if there are tenants or users; called by
 * the bridge. What nobody here answers is refused.
 */
package org.strongroom.plugin.gate;
