/** Whatever is missing or wrong at start stops Orthanc with a message that names it. Real Orthancs of three versions. No clear byte may be left. */
package org.strongroom.tests.start;
