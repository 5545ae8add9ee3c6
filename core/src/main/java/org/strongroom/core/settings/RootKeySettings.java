package org.strongroom.core.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the root key comes from: exactly one of these. Immutable. */
public record RootKeySettings(
        @Setting(
                        text = "File with a passphrase (its first line). Readable by Orthanc's user only.",
                        otherwise = "another source",
                        silent = true)
                Optional<Path> passphraseFile,
        @Setting(
                        text =
                                "File with a random key of 32 bytes (raw, or as 64 hexadecimal digits). Readable by Orthanc's user only.",
                        otherwise = "another source",
                        silent = true)
                Optional<Path> keyFile,
        @Setting(text = "A token that speaks PKCS#11: a smart card, a USB key, an HSM.", otherwise = "another source")
                Optional<Pkcs11Settings> pkcs11,
        @Setting(
                        text = "The transit engine of HashiCorp Vault, or whatever speaks its protocol.",
                        otherwise = "another source")
                Optional<VaultSettings> vault,
        @Setting(text = "AWS Key Management Service, or whatever speaks its protocol.", otherwise = "another source")
                Optional<AwsKmsSettings> awsKms) {
    private static final String ONE = "write exactly one of PassphraseFile, KeyFile, Pkcs11, Vault and AwsKms";

    public RootKeySettings {
        long sources = Stream.of(passphraseFile, keyFile, pkcs11, vault, awsKms)
                .filter(Optional::isPresent)
                .count();
        if (sources != 1) {
            String found = sources == 0 ? "no source" : sources + " sources";
            Problems.check(problems -> problems.add("PassphraseFile", found + ": " + ONE));
        }
    }

    /** A source that is a file. */
    public RootKeySettings(Optional<Path> passphraseFile, Optional<Path> keyFile) {
        this(passphraseFile, keyFile, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The file with the secret that makes, or reaches, the root key; empty if a variable of the environment holds it. */
    public Optional<Path> secretFile() {
        return passphraseFile
                .or(() -> keyFile)
                .or(() -> pkcs11.flatMap(Pkcs11Settings::pinFile))
                .or(() -> vault.flatMap(VaultSettings::tokenFile))
                .or(() -> awsKms.map(AwsKmsSettings::credentialsFile));
    }
}
