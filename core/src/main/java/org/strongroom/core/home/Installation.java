package org.strongroom.core.home;

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
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/** Who an installation is: its id and its two public keys (format.md §7). Holds nothing secret. Immutable. */
public final class Installation {
    private static final int FORMAT = 1;
    private static final int KEY_BYTES = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final UUID id;
    private final Instant created;
    private final byte[] recoveryKey;
    private final byte[] journalKey;

    /**
     * @param id random, for ever
     * @param created when
     * @param recoveryKey X25519 public key (32 bytes) that tenant keys are also wrapped to
     * @param journalKey Ed25519 public key (32 bytes) that verifies the journal's head
     */
    public Installation(UUID id, Instant created, byte[] recoveryKey, byte[] journalKey) {
        this.id = Objects.requireNonNull(id, "id");
        this.created = Objects.requireNonNull(created, "created");
        this.recoveryKey = key("recovery key", recoveryKey);
        this.journalKey = key("journal key", journalKey);
    }

    public UUID id() {
        return id;
    }

    public Instant created() {
        return created;
    }

    /** Raw X25519 public key. */
    public byte[] recoveryKey() {
        return recoveryKey.clone();
    }

    /** Raw Ed25519 public key. */
    public byte[] journalKey() {
        return journalKey.clone();
    }

    /**
     * What {@code file} says, or empty if it is not there.
     *
     * @throws IOException if it cannot be read
     * @throws StrongroomException CORRUPT if it is not an installation file of this format
     */
    public static Optional<Installation> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(bytes));
        } catch (JsonProcessingException | CharConversionException | IllegalArgumentException | DateTimeException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "The installation file cannot be understood")
                    .with("file", file)
                    .cure("Restore it from a backup of Home, or copy a tier's newest installation/identity-… to it")
                    .causedBy(e);
        }
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("installation", id.toString());
        node.put("format", FORMAT);
        node.put("created", created.toString());
        node.put("recoveryKey", Base64.getEncoder().encodeToString(recoveryKey));
        node.put("journalKey", Base64.getEncoder().encodeToString(journalKey));
        DurableFiles.replace(file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Installation parse(byte[] bytes) throws IOException {
        JsonNode node = JSON.readTree(bytes);
        if (node.path("format").asInt() != FORMAT) {
            throw new IllegalArgumentException("format " + node.path("format"));
        }
        Base64.Decoder base64 = Base64.getDecoder();
        return new Installation(
                UUID.fromString(text(node, "installation")),
                Instant.parse(text(node, "created")),
                base64.decode(text(node, "recoveryKey")),
                base64.decode(text(node, "journalKey")));
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("no " + name);
        }
        return value.textValue();
    }

    private static byte[] key(String name, byte[] bytes) {
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException(name + " of " + bytes.length + " bytes");
        }
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Installation that
                && id.equals(that.id)
                && created.equals(that.created)
                && Arrays.equals(recoveryKey, that.recoveryKey)
                && Arrays.equals(journalKey, that.journalKey);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "installation " + id;
    }
}
