package org.strongroom.plugin.login;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keys.Keyring;

/** One record in a sealed file (format.md §5.5), replaced whole. Reads are thread-safe, writes are not. */
final class StateFile<T> {
    private final Path folder;
    private final String name;
    private final Keyring keyring;
    private final Class<T> type;

    StateFile(Path folder, String name, Keyring keyring, Class<T> type) {
        this.folder = folder;
        this.name = name;
        this.keyring = keyring;
        this.type = type;
    }

    Path path() {
        return folder.resolve(name + ".strs");
    }

    /**
     * Empty if it was never written.
     *
     * @throws StrongroomException CORRUPT if it is not what was written here
     */
    Optional<T> read() throws IOException {
        byte[] sealed;
        try {
            sealed = Files.readAllBytes(path());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(ControlJson.readRequest(keyring.openState(name, sealed), type));
        } catch (StrongroomException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "a file about logins is damaged")
                    .with("file", path())
                    .causedBy(e);
        }
    }

    /**
     * Durable when this returns.
     *
     * @throws StrongroomException UNAVAILABLE if it cannot be written: what it says must not be promised
     */
    void write(T record) {
        try {
            DurableFiles.createDirectories(folder);
            DurableFiles.replace(path(), keyring.sealState(name, ControlJson.write(record)));
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a file about logins cannot be written")
                    .with("file", path())
                    .cure("Look at the disk that holds Strongroom.Home")
                    .causedBy(e);
        }
    }
}
