package org.strongroom.tests.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A verifier that shares nothing with Strongroom: Debian's golang-golang-x-mod-dev, and what src/test/go/auditverify asks of it. */
final class GoVerifier {
    private static final Path LIBRARY = Path.of("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");

    private static final Path GO = Path.of("/usr/bin/go");

    private final Path program;

    private GoVerifier(Path program) {
        this.program = program;
    }

    /** Builds it; a machine without tests/debian-packages.txt fails here. */
    static GoVerifier build(Path folder) throws IOException, InterruptedException {
        if (!Files.isDirectory(LIBRARY) || !Files.isExecutable(GO)) {
            throw new IOException("no golang-go or no golang-golang-x-mod-dev: ./strongroom test installs them");
        }
        Path program = folder.resolve("auditverify");
        String source =
                Path.of("src/test/go/auditverify/main.go").toAbsolutePath().toString();
        ProcessBuilder go = new ProcessBuilder(GO.toString(), "build", "-o", program.toString(), source);
        go.environment().put("GO111MODULE", "off");
        go.environment().put("GOPATH", "/usr/share/gocode");
        go.environment().put("GOCACHE", folder.resolve("cache").toString());
        go.environment().put("GOFLAGS", "");
        String said = run(go);
        if (!Files.isExecutable(program)) {
            throw new IOException(said);
        }
        return new GoVerifier(program);
    }

    /** What it says: {@code ok SIZE}, or {@code bad: } and why. */
    String verify(Path log, Path key, Path... seen) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString(), log.toString(), key.toString()));
        for (Path checkpoint : seen) {
            command.add(checkpoint.toString());
        }
        return run(new ProcessBuilder(command));
    }

    /** What it says of a note that a witness should have signed: {@code ok SIZE}, or {@code bad: } and why. */
    String cosigned(Path note, Path key, String witness) throws IOException, InterruptedException {
        return run(new ProcessBuilder(program.toString(), "cosigned", note.toString(), key.toString(), witness));
    }

    /** What it says of a request to a witness that should prove growth: {@code ok SIZE}, or {@code bad: } and why. */
    String request(Path body, Path key, Path old) throws IOException, InterruptedException {
        return run(new ProcessBuilder(program.toString(), "request", body.toString(), key.toString(), old.toString()));
    }

    private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("no end");
        }
        return said;
    }
}
