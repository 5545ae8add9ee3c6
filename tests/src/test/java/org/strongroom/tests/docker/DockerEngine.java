package org.strongroom.tests.docker;

import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** A Docker engine of its own, by {@code tests/docker-engine.sh}. */
final class DockerEngine implements AutoCloseable {
    private static final int CANNOT = 3;

    private final Scratch scratch = new Scratch();
    private final Path folder = scratch.path().resolve("docker");
    private final DockerClient client;

    /** Starts it; where none can work, skips the test and says why. */
    DockerEngine() {
        Command.Result started = script("start").run();
        if (started.status() == CANNOT) {
            scratch.close();
            String reason = started.errors().strip();
            System.out.println("Not tested: " + reason);
            abort(reason);
        }
        started.orFail();
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost("unix://" + folder.resolve("docker.sock"))
                .build();
        client = DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    DockerClient client() {
        return client;
    }

    /** docker-compose of this file. */
    Command.Result compose(Path file, Object... words) {
        return script("compose").and("-f", file).and(words).run().orFail();
    }

    @Override
    public void close() {
        script("stop").run().orFail();
        scratch.close();
    }

    private Command script(String action) {
        return Command.of(Project.root().resolve("tests/docker-engine.sh"), action, folder)
                .within(Duration.ofMinutes(15));
    }
}
