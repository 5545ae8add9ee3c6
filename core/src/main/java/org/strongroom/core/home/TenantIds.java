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
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code run/tenants.json}: the names that settings use for tenants, by the ids that they have in the keyring: several, if there is one tenant that was
 * called something else before. Only who has the keys can tell; the sidecar, which sees ids, needs it to follow {@code Tenants.NAME.Tiers}, and to say
 * whose an event is. Immutable.
 */
public record TenantIds(Map<UUID, String> names) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TenantIds {
        names = Map.copyOf(names);
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
            Map<UUID, String> names = new HashMap<>();
            for (Map.Entry<String, JsonNode> one : node.properties()) {
                for (String id : one.getValue().asText().split(" ", -1)) {
                    names.put(UUID.fromString(id), one.getKey());
                }
            }
            return Optional.of(new TenantIds(names));
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
     * These tenants by their ids.
     *
     * @param former what one of them was called before: an id that is still told by such a name is its as well, and nobody has said so yet
     * @throws StrongroomException REFUSED if {@code file} does not tell one of them, or tells a former name; CORRUPT as {@link #read}
     */
    public static Map<UUID, String> require(Path file, Set<String> names, Set<String> former) throws IOException {
        Map<UUID, String> ids = new HashMap<>();
        if (!names.isEmpty()) {
            ids.putAll(read(file).map(TenantIds::names).orElse(Map.of()));
            requireTold(file, ids.values(), names, former);
            ids.values().retainAll(names);
        }
        return ids;
    }

    private static void requireTold(Path file, Collection<String> told, Set<String> names, Set<String> former) {
        Set<String> unclear = new TreeSet<>(names);
        unclear.removeAll(told);
        former.stream().filter(told::contains).forEach(unclear::add);
        if (!unclear.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "nobody has told which tenant is which, and Tenants have Tiers or Copies")
                    .with("tenant", String.join(", ", unclear))
                    .with("file", file)
                    .cure("Start Orthanc with the plugin once: it gives every tenant an id, and tells them");
        }
    }

    /** Names by ids, for whoever only tells them: none while {@code file} is not there or cannot be understood. */
    public static Map<UUID, String> names(Path file) {
        return known(file).names;
    }

    private static TenantIds known(Path file) {
        try {
            return read(file).orElse(new TenantIds(Map.of()));
        } catch (IOException | StrongroomException e) {
            return new TenantIds(Map.of());
        }
    }

    /**
     * Writes these, but those that {@code file} knows by the name of another one of them stay so: whoever has read the journal has said that they are
     * one. Durable on return.
     */
    public void add(Path file) throws IOException {
        Map<UUID, String> told = known(file).names;
        Map<UUID, String> all = new HashMap<>(names);
        all.replaceAll(
                (id, name) -> names.containsValue(told.getOrDefault(id, name)) ? told.getOrDefault(id, name) : name);
        new TenantIds(all).write(file);
    }

    /** Writes it, durable on return, unless it is so already; one that another user wrote, and nobody here may read, is replaced as well. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        Map<String, String> ids = new TreeMap<>();
        new TreeMap<>(names).forEach((id, name) -> ids.merge(name, id.toString(), (one, other) -> one + " " + other));
        ids.forEach(node::put);
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
