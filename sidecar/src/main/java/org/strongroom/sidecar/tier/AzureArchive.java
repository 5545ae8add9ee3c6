package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** The access tiers of a container, Archive among them. What is brought back is in an ordinary access tier for good. */
final class AzureArchive implements ArchiveClasses {
    private static final String ARCHIVE = "Archive";

    private final AzureContainer container;

    AzureArchive(AzureContainer container) {
        this.container = container;
    }

    @Override
    public Shelf shelf(String object) {
        return container.call(AzureRequest.of("HEAD", object), answer -> {
            boolean coming =
                    AzureContainer.header(answer, "x-ms-archive-status").startsWith("rehydrate-pending");
            boolean archived = AzureContainer.header(answer, "x-ms-access-tier").equals(ARCHIVE);
            return new Shelf(
                    coming ? Place.COMING : archived ? Place.ARCHIVED : Place.AT_HAND,
                    container.number(answer, "content-length"),
                    Optional.empty());
        });
    }

    @Override
    public void move(String object, String accessTier) {
        container.call(moved(object, accessTier));
    }

    @Override
    public String storageClass(String object) {
        return container.call(
                AzureRequest.of("HEAD", object), answer -> AzureContainer.header(answer, "x-ms-access-tier"));
    }

    @Override
    public Duration bringBack(String object, Urgency urgency, Duration kept) {
        boolean urgent = urgency == Urgency.CLINICAL;
        try {
            container.call(moved(object, container.readableTier())
                    .header("x-ms-rehydrate-priority", urgent ? "High" : "Standard"));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.ARCHIVED) {
                throw e;
            } // else: it is being brought back already
        }
        return Duration.ofHours(urgent ? 1 : 15);
    }

    private static AzureRequest moved(String object, String accessTier) {
        return AzureRequest.of("PUT", object).query("comp", "tier").header("x-ms-access-tier", accessTier);
    }
}
