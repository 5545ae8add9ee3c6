/** The storage area as Orthanc's clients see it: stored sealed, read back bit for bit. Real Orthancs of three versions. */
package org.strongroom.tests.storage;
