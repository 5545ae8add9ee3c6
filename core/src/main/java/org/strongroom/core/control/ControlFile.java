package org.strongroom.core.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code run/control.json}: where the sidecar listens, and the token that opens it (docs/control.md). Readable by its
 * owner only, replaced as a whole. Immutable.
 */
public record ControlFile(int protocol, int port, long pid, String token, UUID installation, Instant started) {

    public ControlFile {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(installation, "installation");
        Objects.requireNonNull(started, "started");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** Writes it to {@code file}, mode 0600, all or nothing. */
    public void write(Path file) throws IOException {
        DurableFiles.replace(file, ControlJson.write(this));
    }

    /**
     * Reads {@code file}.
     *
     * @throws StrongroomException UNAVAILABLE if there is none (the sidecar does not run), CORRUPT if it is not one,
     *     REFUSED if it speaks another protocol version
     */
    public static ControlFile read(Path file) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the sidecar does not run: no control file")
                    .with("file", file)
                    .causedBy(e);
        }
        ControlFile control = ControlJson.readAnswer(json, ControlFile.class);
        if (control.protocol != Protocol.VERSION) {
            throw StrongroomException.of(FailureKind.REFUSED, "plugin and sidecar are of different versions")
                    .with("protocol", control.protocol)
                    .with("expected", Protocol.VERSION)
                    .cure("Install plugin and sidecar of the same release and restart both");
        }
        return control;
    }

    @Override
    public String toString() {
        return "ControlFile[port=" + port + ", pid=" + pid + ", token=***, installation=" + installation + "]";
    }
}
