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
                        text = "Address the bucket as a path instead of a host name; most stores other than AWS need"
                                + " it.",
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
                        text = "Lock what is put there, so that nobody can delete it for a while. The bucket must have"
                                + " object lock.",
                        otherwise = "nothing is locked")
                Optional<S3LockSettings> lock,
        @Setting(
                        text = "Credentials file, as CredentialsFile, that is used for deleting only: the other one"
                                + " then needs no right to delete.",
                        otherwise = "CredentialsFile",
                        silent = true)
                Optional<Path> deleterCredentialsFile,
        @Setting(text = "Profile in the deleter's credentials file.", byDefault = "default") String deleterProfile,
        @Setting(
                        text = "Credentials file, as CredentialsFile (its section default), that is used for the"
                                + " audit log below audit/ only: the other one then needs no right there.",
                        otherwise = "CredentialsFile",
                        silent = true)
                Optional<Path> auditCredentialsFile,
        @Setting(text = "HTTP proxy on the way to the store.", otherwise = "as Java is told, usually none")
                Optional<ProxySettings> proxy,
        @Setting(
                        text = "Accept plain http to another machine. Only ciphertext passes, but anybody on the way"
                                + " can disturb it.",
                        byDefault = "false")
                boolean insecure) {
    /** Classes that a request must bring objects back from before they are read. */
    static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

    public S3Settings {
        Optional<String> chosen = storageClass;
        Optional<URI> address = endpoint;
        boolean plain = insecure;
        Optional<String> before = prefix;
        Problems.check(problems -> {
            address.ifPresent(uri -> StoreAddress.check(problems, uri, plain, "CredentialsFile"));
            chosen.filter(ARCHIVES::contains)
                    .ifPresent(name -> problems.add(
                            "StorageClass", "\"" + name + "\" cannot be read at once: use the tier's Archive"));
            before.ifPresent(text -> StoreAddress.checkPrefix(problems, text));
        });
        prefix = prefix.map(StoreAddress::withSlash);
    }

    /** The same bucket with the credentials for the audit log; empty if these are those for everything. */
    public Optional<S3Settings> forAuditLog() {
        return auditCredentialsFile.map(file -> new S3Settings(
                bucket,
                endpoint,
                region,
                pathStyle,
                Optional.of(file),
                "default",
                storageClass,
                prefix,
                lock,
                deleterCredentialsFile,
                deleterProfile,
                Optional.empty(),
                proxy,
                insecure));
    }
}
