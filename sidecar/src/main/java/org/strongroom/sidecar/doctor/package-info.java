/**
 * Looks at one machine's Orthanc and Strongroom and says what is dangerous there: finding, risk, cure. Reads settings, files and
 * versions, changes nothing, needs no key. Called by the command line only.
 */
package org.strongroom.sidecar.doctor;
