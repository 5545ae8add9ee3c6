package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.TierSettings;

/**
 * A tier as somebody names it who has nothing but a sheet of the kit: a folder, {@code s3://bucket/prefix} or {@code
 * azure://account/container/prefix}. Immutable.
 *
 * @param endpoint of a store that is neither AWS nor Azure itself
 * @param credentials file with the store's credentials; for S3 empty for the usual chain
 */
public record TierAddress(String text, Optional<URI> endpoint, Optional<String> region, Optional<Path> credentials) {
    /** How a tier of the settings is named so: what it stands at, without endpoint and credentials. */
    public static String of(TierSettings tier) {
        if (tier.s3().isPresent()) {
            return "s3://" + tier.s3().get().bucket() + within(tier.s3().get().prefix());
        }
        if (tier.azure().isPresent()) {
            var azure = tier.azure().get();
            return "azure://" + azure.account() + "/" + azure.container() + within(azure.prefix());
        }
        return tier.directory().map(TierAddress::absolute).orElse("unknown");
    }

    private static String within(Optional<String> prefix) {
        return prefix.map(one -> "/" + one).orElse("");
    }

    /** Whether this names that tier, wherever its endpoint is. */
    public static boolean isOf(TierSettings tier, String text) {
        String place = tier.directory().isPresent() && !text.contains("://") ? absolute(Path.of(text)) : text;
        return withoutEnd(of(tier)).equals(withoutEnd(place));
    }

    private static String withoutEnd(String place) {
        return place.replaceAll("(?<=[^/])/+$", "");
    }

    /**
     * The tier's settings.
     *
     * @throws StrongroomException REFUSED if it is no address, or lacks something
     */
    public ObjectNode settings(Home home) {
        ObjectNode tier = RecoveredConfiguration.object();
        if (text.startsWith("s3://")) {
            String[] parts = parts("s3://", 2);
            ObjectNode s3 = tier.putObject("S3").put("Bucket", parts[0]);
            endpoint.ifPresent(at -> s3.put("Endpoint", at.toString()).put("PathStyle", true));
            region.ifPresent(name -> s3.put("Region", name));
            credentials.ifPresent(file -> s3.put("CredentialsFile", absolute(file)));
            prefix(s3, parts, 1);
            return tier;
        }
        if (text.startsWith("azure://")) {
            String[] parts = parts("azure://", 3);
            if (parts.length < 2 || credentials.isEmpty()) {
                throw refused()
                        .cure("Write azure://ACCOUNT/CONTAINER, and name the file with the account's key:"
                                + " --credentials FILE");
            }
            ObjectNode azure = tier.putObject("Azure").put("Account", parts[0]).put("Container", parts[1]);
            endpoint.ifPresent(at -> azure.put("Endpoint", at.toString()));
            azure.put("KeyFile", absolute(credentials.get()));
            prefix(azure, parts, 2);
            return tier;
        }
        Path folder = Path.of(text);
        if (!Files.isDirectory(folder)) {
            throw refused()
                    .cure("Name a tier of the configuration, a folder that is there (is it mounted?),"
                            + " s3://BUCKET/PREFIX or azure://ACCOUNT/CONTAINER/PREFIX");
        }
        tier.put("Directory", absolute(folder));
        if (onOneDisk(folder, home)) {
            tier.put("AllowSameDisk", true);
        }
        return tier;
    }

    private String[] parts(String scheme, int most) {
        String[] parts = text.substring(scheme.length()).split("/", most);
        if (parts[0].isEmpty()) {
            throw refused().cure("Write " + scheme + "… as the sheet names it");
        }
        return parts;
    }

    private static void prefix(ObjectNode store, String[] parts, int at) {
        if (parts.length > at && !parts[at].isBlank()) {
            store.put("Prefix", parts[at]);
        }
    }

    private static String absolute(Path file) {
        return file.toAbsolutePath().normalize().toString();
    }

    private static boolean onOneDisk(Path folder, Home home) {
        try {
            Path there = home.root();
            while (!Files.exists(there)) {
                there = there.getParent();
            }
            return Files.getAttribute(folder, "unix:dev").equals(Files.getAttribute(there, "unix:dev"));
        } catch (IOException e) {
            return false; // the sidecar finds out
        }
    }

    private StrongroomException refused() {
        return StrongroomException.of(FailureKind.REFUSED, "no such tier").with("--from", text);
    }
}
