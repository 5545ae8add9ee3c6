package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
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
        return settings(endpoint, account, keyFile, container, Optional.of(prefix));
    }

    private static AzureSettings settings(
            URI endpoint, String account, Path keyFile, String container, Optional<String> prefix) {
        return new AzureSettings(
                container,
                Optional.of(endpoint),
                account,
                keyFile,
                Optional.empty(),
                Optional.empty(),
                prefix,
                Optional.empty(),
                false);
    }

    /** The same container, from its root. */
    public static AzureSettings whole(AzureSettings settings) {
        return settings(
                settings.address(), settings.account(), settings.keyFile(), settings.container(), Optional.empty());
    }

    /** The objects of uploads that were begun and neither completed nor aborted. */
    public static List<String> uploads(AzureSettings settings) {
        try (AzureTier tier = AzureTier.open("test", settings, Uplink.unlimited(), Clock.systemUTC())) {
            return tier.uploads().stream().map(Tier.Upload::name).toList();
        }
    }

    /** Every object as a file of its name below {@code folder}: a tier as a folder. */
    public static void download(AzureSettings settings, Path folder) throws IOException {
        try (AzureTier tier = AzureTier.open("test", settings, Uplink.unlimited(), Clock.systemUTC())) {
            List<Tier.ObjectInfo> objects = new ArrayList<>();
            tier.list("", objects::add);
            for (Tier.ObjectInfo object : objects) {
                Path file = folder.resolve(object.name());
                Files.createDirectories(file.getParent());
                try (InputStream in = tier.get(object.name(), 0, object.size())) {
                    Files.copy(in, file);
                }
            }
        }
    }

    /** A tier that lists so many blobs at once. */
    public static Tier paged(String name, AzureSettings settings, int pageSize) {
        return AzureTier.open(name, settings, Uplink.unlimited(), Clock.systemUTC(), pageSize);
    }
}
