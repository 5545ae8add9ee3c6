package org.strongroom.tests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * PEM files in a folder, each with its {@code .key}: an authority, {@code ca.pem}; of it {@code localhost.pem} and {@code
 * strongroom.pem}; and {@code stranger.pem}, which is nobody's.
 */
public final class Certificates {
    private final Path folder;

    public Certificates(Path folder) throws IOException {
        this.folder = folder;
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=Test CA",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem");
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=stranger",
                "-keyout",
                "stranger.key",
                "-out",
                "stranger.pem");
        for (String name : List.of("localhost", "strongroom")) {
            Files.writeString(folder.resolve("names"), "subjectAltName=DNS:" + name + "\n");
            openssl(
                    "req",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-subj",
                    "/CN=" + name,
                    "-keyout",
                    name + ".key",
                    "-out",
                    name + ".csr");
            openssl(
                    "x509",
                    "-req",
                    "-in",
                    name + ".csr",
                    "-CA",
                    "ca.pem",
                    "-CAkey",
                    "ca.key",
                    "-CAcreateserial",
                    "-days",
                    "30",
                    "-extfile",
                    "names",
                    "-out",
                    name + ".pem");
        }
    }

    /** The same as one file. */
    public Path pkcs12(String name, char[] password) {
        openssl(
                "pkcs12",
                "-export",
                "-in",
                name + ".pem",
                "-inkey",
                name + ".key",
                "-passout",
                "pass:" + new String(password),
                "-out",
                name + ".p12");
        return folder.resolve(name + ".p12");
    }

    private void openssl(Object... words) {
        Command all = Command.of("openssl").and(words);
        new Command(all.words(), all.environment(), folder, Duration.ofMinutes(1))
                .run()
                .orFail();
    }
}
