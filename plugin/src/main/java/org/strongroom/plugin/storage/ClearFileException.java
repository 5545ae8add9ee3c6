package org.strongroom.plugin.storage;

import java.io.IOException;

/** Orthanc's StorageDirectory does not give what is in it: told apart from what happens to sealed files. */
final class ClearFileException extends IOException {
    private static final long serialVersionUID = 1L;

    ClearFileException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
