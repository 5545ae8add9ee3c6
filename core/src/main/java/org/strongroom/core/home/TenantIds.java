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
            Map<String, UUID> ids = new TreeMap<>();
            for (Map.Entry<String, JsonNode> one :
                    JSON.readTree(Files.readAllBytes(file)).properties()) {
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

    /** Writes it, durable on return, unless it is so already. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        new TreeMap<>(byName).forEach((name, id) -> node.put(name, id.toString()));
        byte[] text = (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), text)) {
            return;
        }
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, text);
    }
}
