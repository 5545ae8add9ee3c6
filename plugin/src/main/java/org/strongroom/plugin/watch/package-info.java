/**
 * Records what is asked of Orthanc by HTTP: who views which study, searches, takes copies away, changes things; and how the jobs ended
 * that came of it. Made by the plugin's start for every installation, with users and without; called by the bridge before each request.
 * {@link org.strongroom.plugin.watch.Watched} also names studies for what is asked by DICOM. Decides nothing: it passes on what the access
 * layer says, and records only what is let through.
 */
package org.strongroom.plugin.watch;
