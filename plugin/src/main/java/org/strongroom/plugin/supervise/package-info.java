/**
 * Keeps one sidecar running beside Orthanc: adopts one that lives, starts one that does not, waits longer each time it
 * dies. Hands it no key and no secret of Orthanc's.
 */
package org.strongroom.plugin.supervise;
