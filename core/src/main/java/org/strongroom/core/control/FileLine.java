package org.strongroom.core.control;

import java.util.Objects;
import java.util.UUID;

/**
 * One JSON line of {@code GET /v1/files}: an attachment that is sealed and that Orthanc has not removed.
 *
 * @param sealed the uuid that it was sealed under: another one if Orthanc got the same bytes once more
 * @param bytes as Orthanc gave it
 * @param local whether its whole sealed file is on this machine
 */
public record FileLine(UUID attachment, UUID sealed, long bytes, boolean local) {
    public FileLine {
        Objects.requireNonNull(attachment, "attachment");
        Objects.requireNonNull(sealed, "sealed");
    }
}
