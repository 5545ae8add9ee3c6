package org.strongroom.core.home;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.Objects;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code keyring/former.json}: that there were other root keys, so that no tier keeps what they open (format.md §5.6); {@code
 * keyring/former-tenants.json}: the same of tenants' keys (§5.7). What that is, {@link CurrentRoot} tells. Immutable.
 *
 * @param changed when one was changed last
 */
public record FormerKeys(Instant changed) {
    /** No change is recorded. */
    public static final FormerKeys NONE = new FormerKeys(Instant.EPOCH);

    private static final ObjectMapper JSON = new ObjectMapper();

    public FormerKeys {
        Objects.requireNonNull(changed, "changed");
    }

    /**
     * What {@code file} says; {@link #NONE} if there is none.
     *
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static FormerKeys read(Path file) throws IOException {
        try {
            return new FormerKeys(Instant.parse(
                    JSON.readTree(Files.readAllBytes(file)).required("changed").asText()));
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (JsonProcessingException | CharConversionException | IllegalArgumentException | DateTimeException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the file that says when a key was changed is damaged")
                    .with("file", file)
                    .cure("Restore it from a backup of Home; without it, tiers may keep what a former key opens")
                    .causedBy(e);
        }
    }

    /**
     * The last change of any of the keys.
     *
     * @throws StrongroomException as {@link #read}
     */
    public static FormerKeys latest(Home home) throws IOException {
        FormerKeys root = read(home.formerKeys());
        FormerKeys tenants = read(home.formerTenantKeys());
        return root.changed().isAfter(tenants.changed()) ? root : tenants;
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("changed", changed.toString());
        DurableFiles.replace(file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
