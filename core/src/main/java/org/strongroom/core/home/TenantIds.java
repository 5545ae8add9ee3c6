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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code run/tenants.json}: which id each tenant of the keyring has, by the names that settings use. Only who has the keys can tell; the
 * sidecar, which sees ids, needs it to follow {@code Tenants.NAME.Tiers}, and to say whose an event is. Immutable.
 */
public record TenantIds(Map<String, UUID> byName) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TenantIds {
        byName = Map.copyOf(byName);
    }

    /**
     * What {@code file} says; empty if there is none.
     *
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static Optional<TenantIds> read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (!node.isObject()) {
                throw new IllegalArgumentException("not an object");
            }
            Map<String, UUID> ids = new TreeMap<>();
            for (Map.Entry<String, JsonNode> one : node.properties()) {
                ids.put(one.getKey(), UUID.fromString(one.getValue().asText()));
            }
            return Optional.of(new TenantIds(ids));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | CharConversionException | IllegalArgumentException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the file that says which tenant is which is damaged")
                    .with("file", file)
                    .cure("Remove it, and start Orthanc: it is written again")
                    .causedBy(e);
        }
    }

    /**
     * The ids of these tenants.
     *
     * @throws StrongroomException REFUSED if {@code file} does not tell one of them; CORRUPT as {@link #read}
     */
    public static Map<String, UUID> require(Path file, Set<String> names) throws IOException {
        Map<String, UUID> ids = new TreeMap<>();
        if (!names.isEmpty()) {
            Map<String, UUID> known = read(file).map(TenantIds::byName).orElse(Map.of());
            for (String name : names) {
                if (!known.containsKey(name)) {
                    throw StrongroomException.of(
                                    FailureKind.REFUSED,
                                    "nobody has told which tenant is which, and Tenants have Tiers or Copies")
                            .with("tenant", name)
                            .with("file", file)
                            .cure("Start Orthanc with the plugin once: it gives every tenant an id, and tells them");
                }
                ids.put(name, known.get(name));
            }
        }
        return ids;
    }

    /** Names by ids, for whoever only tells them: none while {@code file} is not there or cannot be understood. */
    public static Map<UUID, String> names(Path file) {
        Map<UUID, String> names = new HashMap<>();
        try {
            read(file).ifPresent(ids -> ids.byName.forEach((name, id) -> names.put(id, name)));
        } catch (IOException | StrongroomException e) {
            return Map.of();
        }
        return names;
    }

    /** Writes it, durable on return, unless it is so already; one that another user wrote, and nobody here may read, is replaced as well. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        new TreeMap<>(byName).forEach((name, id) -> node.put(name, id.toString()));
        byte[] text = (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        if (isThere(file, text)) {
            return;
        }
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, text);
    }

    private static boolean isThere(Path file, byte[] text) {
        try {
            return Arrays.equals(Files.readAllBytes(file), text);
        } catch (IOException e) {
            return false;
        }
    }
}
