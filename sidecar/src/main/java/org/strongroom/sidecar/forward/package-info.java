/**
 * Sends every event of the audit log to whoever the settings name: as DICOM audit messages by syslog, as FHIR AuditEvents, or as lines of
 * JSON. The log is the spool, and a small file beside it says how far each destination is; so outages of days lose nothing, and nobody
 * waits. Called by the sidecar's rounds; reads the log, and changes nothing in it.
 */
package org.strongroom.sidecar.forward;
