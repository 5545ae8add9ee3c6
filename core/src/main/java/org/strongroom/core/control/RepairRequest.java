package org.strongroom.core.control;

import java.util.List;

/**
 * Body of {@code POST /v1/fsck/repair}: findings of {@code GET /v1/fsck} that a person has seen and wants repaired.
 *
 * @param indexLost whether no newer index of Orthanc exists: then images are given back to one that knows nothing of them
 */
public record RepairRequest(List<FsckLine.Finding> findings, boolean indexLost) {
    public RepairRequest {
        findings = List.copyOf(findings);
        if (findings.stream().anyMatch(finding -> finding.repair() == null)) {
            throw new IllegalArgumentException("a finding without a repair");
        }
    }
}
