package org.strongroom.sidecar.tier;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.uplink.Uplink;

/** Containers and settings for tests; what an administrator does by hand. */
public final class Containers {
    private Containers() {}

    public static void make(AzureSettings settings) {
        try (AzureContainer container = open(settings)) {
            container.call(AzureRequest.ofContainer("PUT"));
        }
    }

    /** The first half of an abort, as a machine leaves it that dies then. */
    public static void halfAbort(AzureSettings settings, String object, String upload) {
        try (AzureContainer container = open(settings)) {
            new AzureBlobs(container, 1).create(object, () -> AzureUploads.abandon(object, upload));
        }
    }

    /** Keeps what a blob is now beside it. */
    public static void snapshot(AzureSettings settings, String object) {
        try (AzureContainer container = open(settings)) {
            container.call(AzureRequest.of("PUT", object).query("comp", "snapshot"));
        }
    }

    private static AzureContainer open(AzureSettings settings) {
        AzureKey key = new AzureKey("test", "KeyFile", settings.keyFile());
        return new AzureContainer(
                settings,
                key,
                key,
                new AzureFailures("test", settings),
                Uplink.unlimited(),
                Clock.systemUTC(),
                new AzureConnection(Optional.empty()));
    }

    public static AzureSettings settings(URI endpoint, String account, Path keyFile, String container, String prefix) {
        return new AzureSettings(
                container,
                Optional.of(endpoint),
                account,
                keyFile,
                Optional.empty(),
                Optional.empty(),
                Optional.of(prefix),
                Optional.empty(),
                false);
    }

    /** A tier that lists so many blobs at once. */
    public static Tier paged(String name, AzureSettings settings, int pageSize) {
        return AzureTier.open(name, settings, Uplink.unlimited(), Clock.systemUTC(), pageSize);
    }
}
