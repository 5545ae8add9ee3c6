package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.audit.LogEntry;

/** Lines of JSON at the end of a file, which may be moved away at any time: a new one is begun then. */
final class JsonFile implements Destination {
    private static final int MOST = 1000;

    private final Path file;

    JsonFile(Path file) {
        this.file = file;
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public void send(List<LogEntry> events) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(JsonLines.of(events)));
            channel.force(true);
        }
    }
}
