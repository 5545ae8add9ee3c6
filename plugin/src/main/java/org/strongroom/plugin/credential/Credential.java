package org.strongroom.plugin.credential;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Where a PIN, a token or a password is: the first line of a file, or a variable of the environment. Immutable; holds no secret.
 *
 * @param setting such as {@code RootKey.Pkcs11.Pin}, to which {@code File} or {@code Env} is added
 */
public record Credential(
        String setting, Optional<Path> file, Optional<String> variable, Map<String, String> environment) {
    @Override
    public String toString() {
        return setting; // not the environment
    }

    /** REFUSED, with where it is and never what. */
    public StrongroomException refused(String what) {
        return file.map(path -> SecretFile.refused(setting + "File", path, what))
                .orElseGet(() -> StrongroomException.of(
                                FailureKind.REFUSED, "the variable of Strongroom." + setting + "Env " + what)
                        .with("variable", variable.orElseThrow()))
                .cure("Write the secret there, alone and as it was given out");
    }

    /**
     * The secret, which the caller wipes.
     *
     * @throws StrongroomException REFUSED if it is not there, with the setting that names it
     */
    public byte[] read() {
        if (file.isPresent()) {
            return SecretFile.firstLine(setting + "File", file.get());
        }
        String name = variable.orElseThrow();
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "the variable of Strongroom." + setting + "Env is not set")
                    .with("variable", name)
                    .cure("Set it in the environment that Orthanc is started with");
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
