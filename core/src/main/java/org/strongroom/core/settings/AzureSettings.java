package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A container in Azure Blob Storage. The account's key comes from a file, never from here. Immutable. */
public record AzureSettings(
        @Setting(text = "Name of the container. It must exist.") String container,
        @Setting(
                        text = "Address of the account's blob service, for a private or a sovereign cloud.",
                        otherwise = "https://ACCOUNT.blob.core.windows.net")
                Optional<URI> endpoint,
        @Setting(text = "Name of the storage account.") String account,
        @Setting(
                        text = "File with the account's key, or a SAS for the container, as Azure shows it. Readable"
                                + " by the sidecar's user only.",
                        silent = true)
                Path keyFile,
        @Setting(
                        text = "File as KeyFile, that is used for deleting only: the SAS of the other one then needs no"
                                + " right to delete.",
                        otherwise = "KeyFile",
                        silent = true)
                Optional<Path> deleterKeyFile,
        @Setting(text = "Access tier of new objects: Hot, Cool or Cold.", otherwise = "the account's default")
                Optional<String> accessTier,
        @Setting(
                        text = "Put before every object's name, for a container that holds other things as well.",
                        otherwise = "nothing")
                Optional<String> prefix,
        @Setting(text = "HTTP proxy on the way to the store.", otherwise = "as Java is told, usually none")
                Optional<ProxySettings> proxy,
        @Setting(
                        text = "Accept plain http to another machine. Only ciphertext passes, but anybody on the way"
                                + " can disturb it.",
                        byDefault = "false")
                boolean insecure) {
    static final Set<String> READ_AT_ONCE = Set.of("Hot", "Cool", "Cold");

    public AzureSettings {
        String place = container;
        String owner = account;
        Optional<URI> address = endpoint;
        Optional<String> chosen = accessTier;
        Optional<String> before = prefix;
        boolean plain = insecure;
        Problems.check(problems -> {
            if (!place.matches("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*")) {
                problems.add(
                        "Container",
                        "\"" + place + "\" is no container's name: write 3 to 63 of a-z, 0-9 and single hyphens");
            }
            if (!owner.matches("[a-z0-9]{3,24}")) {
                problems.add("Account", "\"" + owner + "\" is no account's name: write 3 to 24 of a-z and 0-9");
            }
            address.ifPresent(uri -> StoreAddress.check(problems, uri, plain, "KeyFile"));
            chosen.filter(name -> !READ_AT_ONCE.contains(name))
                    .ifPresent(name -> problems.add(
                            "AccessTier", "\"" + name + "\" cannot be read at once: write Hot, Cool or Cold"));
            before.ifPresent(text -> StoreAddress.checkPrefix(problems, text));
        });
        prefix = prefix.map(StoreAddress::withSlash);
    }

    /** The blob service's address, without a slash at its end. */
    public URI address() {
        return StoreAddress.withoutSlash(
                endpoint.map(URI::toString).orElse("https://" + account + ".blob.core.windows.net"));
    }
}
