package org.strongroom.core.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A key in the transit engine of a Vault. The token comes from a file or the environment, never from here. Immutable. */
public record VaultSettings(
        @Setting(text = "Address of the server, for example \"https://vault.example.org:8200\".") URI endpoint,
        @Setting(text = "Where the transit engine is mounted.", byDefault = "transit") String mount,
        @Setting(text = "Name of the key. It must exist.", byDefault = "strongroom") String key,
        @Setting(text = "Namespace, where the server has such.", otherwise = "none") Optional<String> namespace,
        @Setting(
                        text = "File with the token (its first line). Readable by Orthanc's user only.",
                        otherwise = "TokenEnv is used",
                        silent = true)
                Optional<Path> tokenFile,
        @Setting(
                        text = "Variable of Orthanc's environment that holds the token.",
                        otherwise = "TokenFile is used",
                        silent = true)
                Optional<String> tokenEnv,
        @Setting(
                        text = "File with the certificates (PEM) that the server's is signed by, instead of those that"
                                + " Java knows.",
                        otherwise = "those that Java knows")
                Optional<Path> authorityFile) {
    public VaultSettings {
        URI address = endpoint;
        String engine = mount;
        String name = key;
        Optional<String> space = namespace;
        Optional<Path> file = tokenFile;
        Optional<String> variable = tokenEnv;
        Problems.check(problems -> {
            StoreAddress.checkEncrypted(problems, address, "TokenFile");
            segments(problems, "Mount", engine);
            segments(problems, "Namespace", space.orElse("none"));
            if (!name.matches("[A-Za-z0-9._-]{1,128}")) {
                problems.add("Key", "\"" + name + "\" is no key's name: write letters, digits, . _ -");
            }
            SecretPlace.check(problems, "Token", file, variable);
        });
    }

    private static void segments(Problems problems, String setting, String path) {
        if (!path.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")) {
            problems.add(setting, "\"" + path + "\": write names of letters, digits, . _ - joined by single slashes");
        }
    }

    /** The server's address, without a slash at its end. */
    public URI address() {
        return StoreAddress.withoutSlash(endpoint.toString());
    }
}
