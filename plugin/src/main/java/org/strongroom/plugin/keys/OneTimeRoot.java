package org.strongroom.plugin.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import org.strongroom.core.secret.Key32;

/** A root key for a keyring that nobody is to open later. Thread-safe. */
final class OneTimeRoot implements KeySource {
    private static final String KIND = "once";

    private final Key32 key;

    OneTimeRoot(SecureRandom random) {
        key = Key32.random(random);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public RootParameters newParameters(SecureRandom random) {
        return RootParameters.plain(KIND);
    }

    @Override
    public Key32 rootKey(RootParameters parameters) {
        parameters.requireKind(KIND);
        byte[] raw = key.toBytes(); // who asked destroys its own
        try {
            return Key32.of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }
}
