package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/** One record in a sealed file (format.md §5.5), replaced whole. Reads are thread-safe, writes are not. */
public final class StateFile<T> {
    private final Path file;
    private final String name;
    private final Keyring keyring;
    private final Class<T> type;

    /** @param name under which it is sealed */
    public StateFile(Path file, String name, Keyring keyring, Class<T> type) {
        this.file = file;
        this.name = name;
        this.keyring = keyring;
        this.type = type;
    }

    /**
     * Empty if it was never written.
     *
     * @param damaged what it means, in words, if the file is damaged
     * @param cure what to do then
     * @throws StrongroomException CORRUPT if it is not what was written here
     */
    public Optional<T> read(String damaged, String cure) throws IOException {
        byte[] sealed;
        try {
            sealed = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(ControlJson.readRequest(keyring.state().open(name, sealed), type));
        } catch (StrongroomException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, damaged)
                    .with("file", file)
                    .cure(cure)
                    .causedBy(e);
        }
    }

    /**
     * Durable when this returns.
     *
     * @throws StrongroomException UNAVAILABLE if it cannot be written: what it says must not be promised
     */
    public void write(T record) {
        try {
            DurableFiles.createDirectories(file.getParent());
            DurableFiles.replace(file, keyring.state().seal(name, ControlJson.write(record)));
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a sealed file of Home cannot be written")
                    .with("file", file)
                    .cure("Look at the disk that holds Strongroom.Home")
                    .causedBy(e);
        }
    }
}
