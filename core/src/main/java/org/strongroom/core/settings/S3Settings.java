package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A bucket. Credentials come from a file or from the AWS SDK's usual chain, never from here. Immutable. */
public record S3Settings(
        @Setting(text = "Name of the bucket. It must exist.") String bucket,
        @Setting(text = "Address of the store, for example \"https://s3.example.org\".", otherwise = "AWS")
                Optional<URI> endpoint,
        @Setting(text = "Region of the bucket.", byDefault = "us-east-1") String region,
        @Setting(
                        text =
                                "Address the bucket as a path instead of a host name; most stores other than AWS need it.",
                        byDefault = "false")
                boolean pathStyle,
        @Setting(
                        text = "Credentials file in AWS format ([default], aws_access_key_id, aws_secret_access_key)."
                                + " Readable by the sidecar's user only.",
                        otherwise = "the usual chain: environment, ~/.aws, machine role",
                        silent = true)
                Optional<Path> credentialsFile,
        @Setting(text = "Profile in the credentials file.", byDefault = "default") String profile,
        @Setting(text = "Storage class of new objects, as the store names it.", otherwise = "the bucket's default")
                Optional<String> storageClass,
        @Setting(
                        text = "Put before every object's name, for a bucket that holds other things as well.",
                        otherwise = "nothing")
                Optional<String> prefix,
        @Setting(
                        text =
                                "Accept plain http to another machine. Only ciphertext passes, but anybody on the way can disturb it.",
                        byDefault = "false")
                boolean insecure) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public S3Settings {
        Optional<URI> address = endpoint;
        boolean plain = insecure;
        String before = prefix.orElse("x");
        Problems.check(problems -> {
            address.ifPresent(uri -> checkEndpoint(problems, uri, plain));
            if (!before.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?")) {
                problems.add(
                        "Prefix", "\"" + before + "\": write names of letters, digits, . _ - joined by single slashes");
            }
        });
        prefix = prefix.map(text -> text.endsWith("/") ? text : text + "/");
    }

    private static void checkEndpoint(Problems problems, URI uri, boolean insecure) {
        if (uri.getUserInfo() != null) {
            problems.add("Endpoint", "holds credentials: remove them and use CredentialsFile");
        } else if (uri.getHost() == null || !Set.of("http", "https").contains(uri.getScheme())) {
            problems.add("Endpoint", "\"" + uri + "\" is no address: write https://host or https://host:port");
        } else if (uri.getScheme().equals("http") && !insecure && !THIS_MACHINE.contains(uri.getHost())) {
            problems.add("Endpoint", "\"" + uri + "\" is not encrypted: use https, or set Insecure to true");
        }
    }
}
