/**
 * What happened, as the audit log keeps it (format.md §9): events, their entries, and the pending files in which they wait for the
 * sidecar. The plugin and its commands write pending files, the sidecar reads them; whoever reads the log reads entries. Knows no keys:
 * whatever names a patient comes in as a commitment that somebody else made.
 */
package org.strongroom.core.audit;
