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
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code keyring/former.json}: what former root keys open, so that no tier keeps it (format.md §5.6). Nothing in it is secret.
 * Immutable.
 *
 * @param changed when the root key was changed last
 * @param tenants SHA-256 of tenant records that a former root key wrapped, in hexadecimal digits
 * @param copies names of objects in tiers that hold what a former root key needs or opens ({@link HomeCopy})
 */
public record FormerKeys(Instant changed, Set<String> tenants, Set<String> copies) {
    /** The root key was never changed. */
    public static final FormerKeys NONE = new FormerKeys(Instant.EPOCH, Set.of(), Set.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    public FormerKeys {
        Objects.requireNonNull(changed, "changed");
        tenants = Set.copyOf(tenants);
        copies = Set.copyOf(copies);
        if (!tenants.stream().allMatch(digest -> digest.matches("[0-9a-f]{64}"))
                || !copies.stream().allMatch(name -> HomeCopy.ROOT.names(name) || HomeCopy.JOURNAL_KEY.names(name))) {
            throw new IllegalArgumentException("no list of what a root key opens");
        }
    }

    /**
     * These and more.
     *
     * @param used copies that are good again: files may be what they were before
     */
    public FormerKeys and(Instant now, Set<String> moreTenants, Set<String> moreCopies, Set<String> used) {
        Set<String> allTenants = new HashSet<>(tenants);
        allTenants.addAll(moreTenants);
        Set<String> allCopies = new HashSet<>(copies);
        allCopies.addAll(moreCopies);
        allCopies.removeAll(used);
        return new FormerKeys(now, allTenants, allCopies);
    }

    /** Whether a former root key opens this bundle. */
    public boolean open(KeyBundle bundle) {
        return bundle.records().stream()
                .filter(record -> record.label().kind() == KeyKind.TENANT)
                .anyMatch(record -> tenants.contains(Sha256.of(record.encode()).toString()));
    }

    /**
     * What {@code file} says; {@link #NONE} if there is none.
     *
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static FormerKeys read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return new FormerKeys(
                    Instant.parse(node.required("changed").asText()),
                    texts(node.required("tenants")),
                    texts(node.required("copies")));
        } catch (NoSuchFileException e) {
            return NONE;
        } catch (JsonProcessingException | CharConversionException | IllegalArgumentException | DateTimeException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the list of what former root keys open is damaged")
                    .with("file", file)
                    .cure("Restore it from a backup of Home; without it, tiers may keep what a former root key opens")
                    .causedBy(e);
        }
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("changed", changed.toString());
        new TreeSet<>(tenants).forEach(node.putArray("tenants")::add);
        new TreeSet<>(copies).forEach(node.putArray("copies")::add);
        DurableFiles.replace(file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
