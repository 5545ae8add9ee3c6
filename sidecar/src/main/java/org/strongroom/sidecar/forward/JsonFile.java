package org.strongroom.sidecar.forward;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.audit.LogEntry;

/**
 * Lines of JSON at the end of a file, which may be moved away at any time: a new one is begun then, readable by its owner only. A line that a
 * full disk cut off is ended, and comes again whole.
 */
final class JsonFile implements Destination {
    private static final int MOST = 1000;
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final byte[] NEW_LINE = {'\n'};

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
        boolean cut = endsWithinALine();
        try (FileChannel channel = FileChannel.open(file, APPEND, OWNER_ONLY)) {
            if (cut) {
                DurableFiles.writeFully(channel, ByteBuffer.wrap(NEW_LINE));
            }
            DurableFiles.writeFully(channel, ByteBuffer.wrap(JsonLines.of(events)));
            channel.force(true);
        }
    }

    private boolean endsWithinALine() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
