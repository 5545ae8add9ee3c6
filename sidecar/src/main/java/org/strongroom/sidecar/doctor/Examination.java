package org.strongroom.sidecar.doctor;

import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param what in words that also make sense if nothing was found
 */
public record Examination(String what, List<Finding> findings) {
    public Examination {
        findings = List.copyOf(findings);
    }
}
