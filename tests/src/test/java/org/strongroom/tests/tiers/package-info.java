/** The sidecar and the tiers: shipped, evicted, read back cold through every door. Real Orthancs of three versions. */
package org.strongroom.tests.tiers;
