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
import java.util.Objects;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code kit.json}: which recovery kit was made last, and when its shares last opened something (format.md §8). Holds nothing
 * secret. Immutable.
 *
 * @param kit its number, as on the sheets
 * @param shares how many it has
 * @param need how many of them are needed
 * @param made when
 * @param proven when shares of it last opened an object of a tier; null if they never did
 * @param tier whose object that was; null if {@code proven} is
 */
public record KitFile(String kit, int shares, int need, Instant made, Instant proven, String tier) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public KitFile {
        Objects.requireNonNull(kit, "kit");
        Objects.requireNonNull(made, "made");
        if ((proven == null) != (tier == null)) {
            throw new IllegalArgumentException("proven " + proven + " with tier " + tier);
        }
    }

    /** Its shares have opened an object of {@code tier}. */
    public KitFile proven(Instant now, String withTier) {
        return new KitFile(kit, shares, need, made, now, withTier);
    }

    /**
     * The note when shares of a kit have opened an object. That of another one that was made and never proven stays as it is: nobody knows yet
     * whether its sheets open anything.
     *
     * @param known the note so far
     * @param shown of the kit whose shares these are, as far as they tell
     */
    public static KitFile afterProof(Optional<KitFile> known, KitFile shown, Instant now, String tier) {
        KitFile note = known.filter(one -> one.kit.equals(shown.kit) || one.proven == null)
                .orElse(shown);
        return note.kit.equals(shown.kit) ? note.proven(now, tier) : note;
    }

    /**
     * What {@code file} says; empty if no kit was ever made.
     *
     * @throws StrongroomException CORRUPT if it cannot be understood
     */
    public static Optional<KitFile> read(Path file) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(new KitFile(
                    node.required("kit").textValue(),
                    node.required("shares").asInt(),
                    node.required("need").asInt(),
                    Instant.parse(node.required("made").asText()),
                    node.hasNonNull("proven") ? Instant.parse(node.get("proven").asText()) : null,
                    node.hasNonNull("tier") ? node.get("tier").asText() : null));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException
                | CharConversionException
                | IllegalArgumentException
                | NullPointerException
                | DateTimeException e) {
            throw StrongroomException.of(FailureKind.CORRUPT, "the note on the recovery kit cannot be understood")
                    .with("file", file)
                    .cure("Delete it, and prove the kit again: strongroom kit check")
                    .causedBy(e);
        }
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("kit", kit);
        node.put("shares", shares);
        node.put("need", need);
        node.put("made", made.toString());
        if (proven != null) {
            node.put("proven", proven.toString());
            node.put("tier", tier);
        }
        DurableFiles.replace(file, (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
