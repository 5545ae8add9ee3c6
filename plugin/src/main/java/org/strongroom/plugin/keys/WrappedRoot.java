package org.strongroom.plugin.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keyservice.KeyService;

/** A random root key that somebody wraps whose own key never leaves them. Thread-safe. */
final class WrappedRoot implements KeySource {
    private final KeyService service;

    WrappedRoot(KeyService service) {
        this.service = service;
    }

    @Override
    public String kind() {
        return service.kind();
    }

    @Override
    public RootParameters newParameters(SecureRandom random) {
        byte[] root = new byte[Key32.SIZE];
        random.nextBytes(root);
        try {
            return RootParameters.wrapped(kind(), service.wrap(root));
        } finally {
            Arrays.fill(root, (byte) 0);
        }
    }

    @Override
    public Key32 rootKey(RootParameters parameters) {
        parameters.requireKind(kind());
        byte[] root = service.unwrap(parameters.wrapped().orElseThrow(WrappedRoot::damaged));
        try {
            if (root.length != Key32.SIZE) {
                throw damaged();
            }
            return Key32.of(root);
        } finally {
            Arrays.fill(root, (byte) 0);
        }
    }

    private static StrongroomException damaged() {
        return StrongroomException.of(FailureKind.CORRUPT, "keyring/root.json holds no root key")
                .cure("Bring it back from a backup of Home, or from a tier's installation/root-…");
    }
}
