package org.strongroom.plugin.keys;

import java.security.SecureRandom;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;

/**
 * Where the root key comes from. Obligations: the same parameters give the same key, for ever; a wrong secret gives another
 * key, which then opens nothing; nothing secret is in the parameters. Take care when adding methods.
 */
public interface KeySource {
    /** {@code passphrase}, {@code keyFile} … as in {@code keyring/root.json}. */
    String kind();

    /** Parameters for a new keyring. */
    RootParameters newParameters(SecureRandom random);

    /**
     * The root key.
     *
     * @throws StrongroomException REFUSED if the source cannot be read or is not one, with setting, path and cure
     */
    Key32 rootKey(RootParameters parameters);

    /** The source that the settings name. */
    static KeySource of(RootKeySettings settings) {
        return settings.passphraseFile()
                .<KeySource>map(PassphraseFile::new)
                .orElseGet(() -> new KeyFile(settings.keyFile().orElseThrow()));
    }
}
