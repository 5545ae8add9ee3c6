package org.strongroom.tests.tier;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.tier.Containers;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** Microsoft's Azure Blob emulator on 127.0.0.1, by {@code tests/azurite.sh}. */
public final class AzuriteServer implements AutoCloseable {
    public static final String ACCOUNT = "strongroomtest";

    private final Scratch scratch = new Scratch();
    private final int port = Ports.free();

    /** Starts it, empty, and returns when it answers. */
    public AzuriteServer() {
        start();
    }

    /** Starts what was stopped, with what it held. */
    public void start() {
        script("start", folder(), port);
    }

    /** Ends it; connections break. */
    public void stop() {
        script("stop", folder());
    }

    public int port() {
        return port;
    }

    public URI endpoint() {
        return endpoint(port);
    }

    /** The account's address behind another port, such as a bad line's. */
    public static URI endpoint(int port) {
        return URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT);
    }

    /** The account's key, in the format of {@code KeyFile}. */
    public Path keyFile() {
        return folder().resolve("key");
    }

    /** A new container of this name. */
    public AzureSettings make(String container) {
        AzureSettings settings = Containers.settings(endpoint(), ACCOUNT, keyFile(), container, "rooms/clinic-1");
        Containers.make(settings);
        return settings;
    }

    @Override
    public void close() {
        stop();
        scratch.close();
    }

    private Path folder() {
        return scratch.path().resolve("azurite");
    }

    private static void script(Object... words) {
        Command.of(Project.root().resolve("tests/azurite.sh"))
                .and(words)
                .within(Duration.ofMinutes(12))
                .run()
                .orFail();
    }
}
