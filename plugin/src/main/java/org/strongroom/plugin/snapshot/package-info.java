/**
 * Makes snapshots of what a recovery needs beside the packs, opens them, and says when the next is due (format.md §10). Touches Orthanc's
 * index through a process of its own, never inside Orthanc. Called by {@code strongroom snapshot}, {@code strongroom recover} and the
 * plugin's start.
 */
package org.strongroom.plugin.snapshot;
