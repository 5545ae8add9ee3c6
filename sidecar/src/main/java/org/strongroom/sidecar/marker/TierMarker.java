package org.strongroom.sidecar.marker;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.Tier;

/** The object {@code tier.id} (format.md §7). */
public final class TierMarker {
    /** Its name in every tier. */
    public static final String OBJECT = "tier.id";

    private static final long MAX_SIZE = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private TierMarker() {}

    /**
     * The installation that a tier is marked with, or empty if it has no marker.
     *
     * @throws StrongroomException CORRUPT if its marker cannot be understood; what the tier throws
     */
    public static Optional<UUID> read(Tier tier) {
        Optional<Tier.ObjectInfo> info = tier.head(OBJECT);
        if (info.isEmpty()) {
            return Optional.empty();
        }
        if (info.get().size() > MAX_SIZE) {
            throw unreadable(tier);
        }
        try (InputStream in = tier.get(OBJECT, 0, info.get().size())) {
            JsonNode marker = JSON.readTree(in.readAllBytes());
            if (marker.path("strongroom").asInt() != 1) {
                throw unreadable(tier);
            }
            return Optional.of(UUID.fromString(marker.path("installation").asText()));
        } catch (JacksonException | CharConversionException | IllegalArgumentException e) {
            throw unreadable(tier).causedBy(e);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's marker cannot be read")
                    .with("tier", tier.name())
                    .causedBy(e);
        }
    }

    /** Marks a tier that has no marker. */
    public static void write(Tier tier, UUID installation) {
        ObjectNode marker = JSON.createObjectNode();
        marker.put("strongroom", 1);
        marker.put("installation", installation.toString());
        tier.put(OBJECT, marker.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static StrongroomException unreadable(Tier tier) {
        return StrongroomException.of(FailureKind.CORRUPT, "a tier's marker cannot be understood")
                .with("tier", tier.name())
                .with("object", OBJECT)
                .cure("Check that the setting names the right place");
    }
}
