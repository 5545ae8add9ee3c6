package org.strongroom.plugin.bridge;

/** Is told what other plugins tell for audit logs, on Orthanc 1.12.9 and newer. Called by workers of the bridge. */
@FunctionalInterface
public interface AuditLogs {
    /**
     * What a plugin tells, as it says it: every text may be anything, and too much.
     *
     * @param plugin name of who tells it
     * @param user who did it
     * @param level of the resource, in the order of Orthanc's: patient, study, series, instance, none
     * @param resource Orthanc's id of it, if it is one
     * @param action what was done
     * @param bytes that it adds, in a form of its own
     * @param token of the request on whose thread it is told; empty if it is none
     */
    record Told(String plugin, String user, int level, String resource, String action, long bytes, String token) {
        /** Without what may name somebody. */
        @Override
        public String toString() {
            return "an audit log";
        }
    }

    /** The plugin waits until this returns. */
    void told(Told told);
}
