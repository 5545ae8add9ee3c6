/**
 * Orthanc, seen from Java: the loader's queues, the SDK's services over JNA (names as in be.uclouvain.orthanc), and the
 * interfaces through which Orthanc's questions reach the other rooms. Called by {@code Strongroom} only.
 */
package org.strongroom.plugin.bridge;
