package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.keyservice.AwsKms;
import org.strongroom.plugin.keyservice.Pkcs11Token;
import org.strongroom.plugin.keyservice.VaultTransit;

/**
 * Where the root key comes from. Obligations: the same parameters give the same key, for ever; a wrong secret gives another
 * key, which then opens nothing, or is refused; nothing secret is in the parameters. Each call ends within two minutes, and
 * nothing is tried again. Take care when adding methods.
 */
public interface KeySource {
    /** {@code passphrase}, {@code keyFile} … as in {@code keyring/root.json}. */
    String kind();

    /**
     * Parameters for a new keyring.
     *
     * @throws StrongroomException as {@link #rootKey}
     */
    RootParameters newParameters(SecureRandom random);

    /**
     * The root key.
     *
     * @throws StrongroomException REFUSED if the source cannot be read, is not one, or is another one, with setting, value and
     *     cure; UNAVAILABLE if it is not there or does not answer
     */
    Key32 rootKey(RootParameters parameters);

    /**
     * The root key, by a copy of {@code root.json}.
     *
     * @throws StrongroomException as {@link #rootKey}; CORRUPT if it is none
     */
    default Key32 rootKey(Path copy) throws IOException {
        return rootKey(RootParameters.read(copy));
    }

    /** A random root key that is in this process's memory and nowhere else: what it opens is lost with the process. */
    static KeySource once(SecureRandom random) {
        return new OneTimeRoot(random);
    }

    /** The source that the settings name, with this process's environment. */
    static KeySource of(RootKeySettings settings) {
        Map<String, String> environment = System.getenv();
        return settings.passphraseFile()
                .<KeySource>map(PassphraseFile::new)
                .or(() -> settings.keyFile().map(KeyFile::new))
                .or(() -> settings.pkcs11().map(token -> new WrappedRoot(new Pkcs11Token(token, environment))))
                .or(() -> settings.vault().map(vault -> new WrappedRoot(new VaultTransit(vault, environment))))
                .or(() -> settings.awsKms().map(kms -> new WrappedRoot(new AwsKms(kms, Clock.systemUTC()))))
                .orElseThrow();
    }
}
