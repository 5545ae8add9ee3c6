package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.seal.SealedReader;

/** Opens every sealed file and every head on this machine, to the last bit. Used by one thread. */
final class LocalVerification {
    static final int SHARDS = 256;
    private static final String HEAD = ".head";
    private static final int UUID_LENGTH = 36;

    private final Home home;
    private final Keyring keyring;
    private final BiConsumer<Path, StrongroomException> broken;

    /** @param broken told of what does not open, and why; files that are no sealed files by name are left out */
    LocalVerification(Home home, Keyring keyring, BiConsumer<Path, StrongroomException> broken) {
        this.home = home;
        this.keyring = keyring;
        this.broken = broken;
    }

    /** @param progress told the number of shards that are done */
    void run(IntConsumer progress) throws IOException {
        for (int shard = 0; shard < SHARDS; shard++) {
            for (Path area : new Path[] {home.spool(), home.cache()}) {
                folder(area.resolve(String.format(Locale.ROOT, "%02x", shard)));
            }
            progress.accept(shard + 1);
        }
    }

    private void folder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.matches("[0-9a-f-]{" + UUID_LENGTH + "}(\\.head)?")) {
                    open(file, UUID.fromString(name.substring(0, UUID_LENGTH)), name.endsWith(HEAD));
                }
            }
        }
    }

    private void open(Path file, UUID uuid, boolean head) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            SealedReader reader = SealedReader.open(source, keyring.installation(), uuid, keyring::keyOf);
            if (head) {
                reader.head();
            } else {
                reader.verify();
            }
        } catch (NoSuchFileException e) {
            return; // shipped, evicted or purged since the folder was listed
        } catch (UnreadableFileException e) {
            broken.accept(
                    file,
                    StrongroomException.of(FailureKind.CORRUPT, "the disk does not give the file")
                            .causedBy(e));
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            broken.accept(file, e);
        }
    }
}
