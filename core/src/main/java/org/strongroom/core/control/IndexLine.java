package org.strongroom.core.control;

import java.util.Objects;
import java.util.UUID;

/**
 * One JSON line of {@code GET /v1/index}: an attachment that Orthanc's index knows.
 *
 * @param bytes as Orthanc stores it
 */
public record IndexLine(UUID attachment, long bytes) {
    public IndexLine {
        Objects.requireNonNull(attachment, "attachment");
    }
}
