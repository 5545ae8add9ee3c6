package org.strongroom.core.io;

import java.io.IOException;

/** A file that is there, and whose bytes the disk does not give: a bad sector, or a bad inode. Another copy may do. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableFileException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
