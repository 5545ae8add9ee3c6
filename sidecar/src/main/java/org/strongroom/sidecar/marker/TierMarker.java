package org.strongroom.sidecar.marker;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    private static final int USUAL_SIZE = content(new UUID(0, 0)).length;

    private TierMarker() {}

    /**
     * The installation that a tier is marked with, or empty if it has no marker.
     *
     * @throws StrongroomException CORRUPT if its marker cannot be understood; what the tier throws
     */
    public static Optional<UUID> read(Tier tier) {
        Optional<UUID> usual = usual(tier);
        return usual.isPresent() ? usual : readAny(tier);
    }

    /** As {@link #write} writes it, in one request: it is read before everything that a tier is asked for. Empty if it may be another way. */
    private static Optional<UUID> usual(Tier tier) {
        try (InputStream in = tier.get(OBJECT, 0, USUAL_SIZE)) {
            return Optional.of(parse(tier, in.readAllBytes()));
        } catch (StrongroomException e) {
            if (e.kind().retryable() || e.kind() == FailureKind.REFUSED) {
                throw e; // asked in another way it would fail as well
            }
            return Optional.empty();
        } catch (IOException e) {
            throw broken(tier, e);
        }
    }

    private static Optional<UUID> readAny(Tier tier) {
        Optional<Tier.ObjectInfo> info = tier.head(OBJECT);
        if (info.isEmpty()) {
            return Optional.empty();
        }
        if (info.get().size() > MAX_SIZE) {
            throw unreadable(tier);
        }
        try (InputStream in = tier.get(OBJECT, 0, info.get().size())) {
            return Optional.of(parse(tier, in.readAllBytes()));
        } catch (IOException e) {
            throw broken(tier, e);
        }
    }

    private static UUID parse(Tier tier, byte[] content) throws IOException {
        try {
            JsonNode marker = JSON.readTree(content);
            if (marker.path("strongroom").asInt() != 1) {
                throw unreadable(tier);
            }
            return UUID.fromString(marker.path("installation").asText());
        } catch (JacksonException | CharConversionException | IllegalArgumentException e) {
            throw unreadable(tier).causedBy(e);
        }
    }

    /** Marks a tier that has no marker. */
    public static void write(Tier tier, UUID installation) {
        tier.put(OBJECT, content(installation));
    }

    private static byte[] content(UUID installation) {
        ObjectNode marker = JSON.createObjectNode();
        marker.put("strongroom", 1);
        marker.put("installation", installation.toString());
        return marker.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static StrongroomException broken(Tier tier, IOException cause) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's marker cannot be read")
                .with("tier", tier.name())
                .causedBy(cause);
    }

    private static StrongroomException unreadable(Tier tier) {
        return StrongroomException.of(FailureKind.CORRUPT, "a tier's marker cannot be understood")
                .with("tier", tier.name())
                .with("object", OBJECT)
                .cure("Check that the setting names the right place");
    }
}
