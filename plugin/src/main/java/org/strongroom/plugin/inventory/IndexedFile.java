package org.strongroom.plugin.inventory;

import java.util.Objects;
import org.strongroom.plugin.bridge.Attachment;

/**
 * A file that Orthanc's index knows.
 *
 * @param md5 of the bytes that Orthanc gave to its storage, in hexadecimal digits; empty if the index does not tell it
 */
public record IndexedFile(Attachment attachment, String md5) {
    public IndexedFile {
        Objects.requireNonNull(attachment, "attachment");
        Objects.requireNonNull(md5, "md5");
    }
}
