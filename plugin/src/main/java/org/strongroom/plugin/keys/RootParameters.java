package org.strongroom.plugin.keys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.keyservice.Wrapped;

/**
 * {@code keyring/root.json}: which kind of source wraps the tenant keys, with its public parameters (format.md §5.2).
 * Immutable.
 *
 * @param kind of the source
 * @param salt for Argon2id, in base64; empty for a source that needs none
 * @param memoryKib Argon2id memory, 0 if unused
 * @param iterations Argon2id passes, 0 if unused
 * @param wrapped the root key, if the source is one that wraps it
 */
public record RootParameters(String kind, String salt, int memoryKib, int iterations, Optional<Wrapped> wrapped) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A damaged file must not make the start take for ever. */
    private static final int MOST_MEMORY_KIB = 1 << 20;

    private static final int MOST_ITERATIONS = 64;
    private static final int MOST_SALT = 64;

    public RootParameters {
        if (Base64.getDecoder().decode(salt).length > MOST_SALT) {
            throw new IllegalArgumentException("a salt of more than " + MOST_SALT + " bytes");
        }
        if (memoryKib < 0 || memoryKib > MOST_MEMORY_KIB || iterations < 0 || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException("Argon2id cost " + memoryKib + " KiB, " + iterations + " passes");
        }
    }

    /** Of a source that is the root key. */
    static RootParameters plain(String kind) {
        return new RootParameters(kind, "", 0, 0, Optional.empty());
    }

    static RootParameters argon2(String kind, String salt, int memoryKib, int iterations) {
        return new RootParameters(kind, salt, memoryKib, iterations, Optional.empty());
    }

    static RootParameters wrapped(String kind, Wrapped wrapped) {
        return new RootParameters(kind, "", 0, 0, Optional.of(wrapped));
    }

    byte[] saltBytes() {
        return Base64.getDecoder().decode(salt);
    }

    /** @throws StrongroomException REFUSED if they are those of another kind of source */
    void requireKind(String source) {
        if (!kind.equals(source)) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "Strongroom.RootKey is of another kind than this Home's keys")
                    .with("Strongroom.RootKey", source)
                    .with("keyring/root.json", kind)
                    .cure("Set Strongroom.RootKey to the source that the keyring was made with, or changed to; to"
                            + " change it: strongroom key rotate --help");
        }
    }

    void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("kind", kind);
        if (!salt.isEmpty()) {
            node.put("salt", salt);
            node.put("memoryKib", memoryKib);
            node.put("iterations", iterations);
        }
        wrapped.ifPresent(root -> node.put("key", root.key()).put("wrapped", root.text()));
        DurableFiles.replace(file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static RootParameters read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return new RootParameters(
                    node.path("kind").asText(),
                    node.path("salt").asText(""),
                    node.path("memoryKib").asInt(),
                    node.path("iterations").asInt(),
                    node.has("wrapped")
                            ? Optional.of(new Wrapped(
                                    node.path("key").asText(),
                                    node.path("wrapped").asText()))
                            : Optional.empty());
        } catch (NoSuchFileException | JsonProcessingException | CharConversionException | IllegalArgumentException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the keyring's root file is missing or damaged")
                    .with("file", file)
                    .cure("Restore it from a backup of Home, or copy a tier's newest installation/root-… to it")
                    .causedBy(e);
        }
    }
}
