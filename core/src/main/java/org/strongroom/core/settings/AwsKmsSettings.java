package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A key in AWS KMS. Its credentials come from a file of their own, never from here. Immutable. */
public record AwsKmsSettings(
        @Setting(text = "Id, ARN or alias (\"alias/…\") of a symmetric key. It must exist.") String key,
        @Setting(text = "Region of the key.") String region,
        @Setting(
                        text = "Address of the service, for a private endpoint or another service that speaks its"
                                + " protocol.",
                        otherwise = "https://kms.REGION.amazonaws.com")
                Optional<URI> endpoint,
        @Setting(
                        text =
                                "Credentials file in AWS format, with the right to use this key and nothing else. Readable"
                                        + " by Orthanc's user only, and no tier's.",
                        silent = true)
                Path credentialsFile,
        @Setting(text = "Profile in the credentials file.", byDefault = "default") String profile) {
    public AwsKmsSettings {
        String name = key;
        String place = region;
        Optional<URI> address = endpoint;
        Problems.check(problems -> {
            if (!name.matches("[A-Za-z0-9:/_-]{1,2048}")) {
                problems.add("Key", "\"" + name + "\" is no key: write its id, its ARN, or alias/NAME");
            }
            if (!place.matches("[a-z0-9-]{1,64}")) {
                problems.add("Region", "\"" + place + "\" is no region: write it like \"eu-central-1\"");
            }
            address.ifPresent(uri -> StoreAddress.checkEncrypted(problems, uri, "CredentialsFile"));
        });
    }

    /** The service's address, without a slash at its end. */
    public URI address() {
        return StoreAddress.withoutSlash(
                endpoint.map(URI::toString).orElse("https://kms." + region + ".amazonaws.com"));
    }
}
