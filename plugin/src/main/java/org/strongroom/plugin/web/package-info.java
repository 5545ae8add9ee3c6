/** Routes below {@code /strongroom} behind Orthanc's own port, and metrics among Orthanc's. Shows what the sidecar says; decides nothing. */
package org.strongroom.plugin.web;
