package org.strongroom.plugin.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;

/** An open clear file, whose failures are {@link ClearFileException}s. Thread-safe. */
final class ClearSource implements ByteSource, Closeable {
    private final FileSource file;

    private ClearSource(FileSource file) {
        this.file = file;
    }

    /** Empty if there is no such clear file. The caller closes it. */
    static Optional<ClearSource> open(ClearFiles files, UUID attachment) throws IOException {
        try {
            return files.open(attachment).map(ClearSource::new);
        } catch (IOException e) {
            throw new ClearFileException(e);
        }
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
        try {
            file.read(position, target, targetOffset, length);
        } catch (ClosedChannelException e) {
            throw e; // the end of this process
        } catch (IOException e) {
            throw new ClearFileException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
