package org.strongroom.plugin.keyservice;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;

/**
 * Debian's SoftHSM2 with tokens of this Java machine's: {@code one}, {@code two} and {@code doomed} each with an RSA key {@code strongroom},
 * {@code empty} without any. Made once, because the library looks for tokens when it is loaded.
 */
public final class SoftHsm {
    public static final Path LIBRARY = Path.of("/usr/lib/softhsm/libsofthsm2.so");
    public static final String PIN = "pin-73915";

    /** Null until the tokens are made. */
    private static Path configuration;

    private SoftHsm() {}

    /** Makes the tokens. */
    public static synchronized void require() throws IOException, InterruptedException {
        if (!Files.exists(LIBRARY)) {
            throw new IOException("no softhsm2: ./strongroom test installs it");
        }
        if (configuration != null) {
            return;
        }
        Path folder = Files.createTempDirectory("strongroom-softhsm");
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Path settings = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The library is going to read it in this process.
        NativeLibrary.getInstance("c")
                .getFunction("setenv")
                .invokeInt(new Object[] {"SOFTHSM2_CONF", settings.toString(), 1});
        for (String label : new String[] {"one", "two", "doomed", "empty"}) {
            run(settings, "--init-token", "--free", "--label", label, "--so-pin", "so-pin-1", "--pin", PIN);
        }
        for (String label : new String[] {"one", "two", "doomed"}) {
            Path key = newKey(folder.resolve(label + ".pem"), 2048);
            run(
                    settings,
                    "--import",
                    key.toString(),
                    "--token",
                    label,
                    "--label",
                    "strongroom",
                    "--id",
                    "01",
                    "--pin",
                    PIN);
        }
        Path small = newKey(folder.resolve("small.pem"), 1024);
        run(settings, "--import", small.toString(), "--token", "one", "--label", "small", "--id", "02", "--pin", PIN);
        configuration = settings;
    }

    /** Destroys a token with all that is on it, for good. */
    public static synchronized void destroy(String token) throws IOException, InterruptedException {
        run(configuration, "--delete-token", "--token", token);
    }

    private static Path newKey(Path file, int bits) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            String text = Base64.getMimeEncoder()
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
            return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(Path settings, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("softhsm2-util").redirectErrorStream(true);
        builder.command().addAll(List.of(words));
        builder.environment().put("SOFTHSM2_CONF", settings.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(said);
        }
    }
}
