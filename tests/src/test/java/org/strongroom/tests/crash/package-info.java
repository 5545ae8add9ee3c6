/** Processes that end as in a power cut. Nothing that was acknowledged may be missing afterwards. */
package org.strongroom.tests.crash;
