/**
 * Takes over what an Orthanc stored before Strongroom was switched on: its clear files are sealed in the background, slowly, while
 * everything stays readable. Started by the plugin; nobody else calls it. What is shipped afterwards is the sidecar's business.
 */
package org.strongroom.plugin.takeover;
