package org.strongroom.tests.harness;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/**
 * Debian's SoftHSM2 with one token that has an RSA key {@code strongroom}. Its library is copied to the scratch folder, because the
 * trees that Orthanc runs in have none. Not thread-safe.
 */
public final class SoftHsm {
    public static final String PIN = "pin-73915";
    private static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    private final Scratch scratch;
    private final String label;

    /** Makes the token, in place of all that were in this folder. */
    public SoftHsm(Scratch scratch, String label) {
        this.scratch = scratch;
        this.label = label;
        destroy();
        try {
            scratch.file("libsofthsm2.so", Files.readAllBytes(LIBRARY));
            scratch.file(
                    "softhsm2.conf",
                    ("directories.tokendir = " + scratch.folder("tokens") + "\nobjectstore.backend = file\n")
                            .getBytes(StandardCharsets.UTF_8));
            Path key = scratch.file("token-key.pem", newKey());
            run("--init-token", "--free", "--label", label, "--so-pin", "so-pin-1", "--pin", PIN);
            run("--import", key, "--token", label, "--label", "strongroom", "--id", "01", "--pin", PIN);
            Files.delete(key);
            try (var made = Files.walk(scratch.folder("tokens"))) {
                for (Path one : made.toList()) {
                    Scratch.own(one);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The root key is in this token, which is opened with this PIN out of the environment. */
    public void keeps(OrthancSetup setup, String pin) {
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        source.putObject("Pkcs11")
                .put("Library", scratch.path().resolve("libsofthsm2.so").toString())
                .put("Token", label)
                .put("PinEnv", "TOKEN_PIN");
        setup.variable("SOFTHSM2_CONF", configuration().toString())
                .variable("TOKEN_PIN", pin)
                .strongroom("RootKey", source);
    }

    private Path configuration() {
        return scratch.path().resolve("softhsm2.conf");
    }

    /** The token is gone, and with it its key. */
    public void destroy() {
        try {
            Scratch.delete(scratch.folder("tokens"));
            scratch.folder("tokens");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Object... words) {
        Command.of("softhsm2-util")
                .and(words)
                .with("SOFTHSM2_CONF", configuration().toString())
                .run()
                .orFail();
    }

    private static byte[] newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return ("-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                            + "\n-----END PRIVATE KEY-----\n")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
