/** Routes below {@code /strongroom} behind Orthanc's own port. Shows what the sidecar says; decides nothing. */
package org.strongroom.plugin.web;
