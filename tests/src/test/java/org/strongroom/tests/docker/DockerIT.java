package org.strongroom.tests.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.BuildImageResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/**
 * The image, as {@code docker/Dockerfile} makes it on a bare Debian 12, and the PACS of {@code docker/compose.yaml}. Only the
 * compiling is left out: the image gets the distribution that is here already.
 */
class DockerIT {
    private static final String COMPILING = "(?s)FROM [^\n]* AS build\n.*?\n\n(?=FROM )";
    private static final String[] PASSWORD = {
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString("clinic:wonderland".getBytes(StandardCharsets.UTF_8))
    };

    private static DockerEngine engine;
    private static Scratch scratch;

    @BeforeAll
    static void build() throws IOException {
        engine = new DockerEngine();
        scratch = new Scratch();
        String whole = Files.readString(Project.root().resolve("docker/Dockerfile"));
        String rest =
                whole.replaceFirst(COMPILING, "FROM scratch AS build\nCOPY strongroom /src/target/strongroom\n\n");
        assertThat(rest).isNotEqualTo(whole);
        Path context = scratch.folder("context");
        Path dockerfile = scratch.file("context/Dockerfile", rest.getBytes(StandardCharsets.UTF_8));
        Command.of("cp", "-a", Distribution.get().folder(), context.resolve("strongroom"))
                .run()
                .orFail();
        engine.client()
                .buildImageCmd(context.toFile())
                .withDockerfile(dockerfile.toFile())
                .withNetworkMode("host")
                .withTags(Set.of("strongroom"))
                .exec(new BuildImageResultCallback())
                .awaitImageId(10, TimeUnit.MINUTES);
    }

    @AfterAll
    static void stop() {
        if (scratch != null) {
            scratch.close();
        }
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void withoutAConfigurationTheContainerStops() {
        String container = engine.client()
                .createContainerCmd("strongroom")
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                .exec()
                .getId();
        engine.client().startContainerCmd(container).exec();

        Integer status = engine.client()
                .waitContainerCmd(container)
                .exec(new WaitContainerResultCallback())
                .awaitStatusCode(1, TimeUnit.MINUTES);
        assertThat(status).isNotZero();
    }

    @Test
    void theComposeFileIsAPacsThatComesBackAfterAStop() {
        byte[] image = Samples.ct(1).get(0);
        int port = Ports.free();
        Path compose = compose(port);
        engine.compose(compose, "up", "-d");
        try {
            Rest rest = new Rest(port);
            String id = upload(rest, image);
            assertThat(strongroom(compose, "status")).contains("1 instance");
            strongroom(compose, "ship --now --timeout 90s");
            strongroom(compose, "evict --all");
            strongroom(compose, "verify --all");
            ClearText.of(List.of(Samples.PATIENT_NAME, Samples.PATIENT_ID), image)
                    .assertAbsentFrom(scratch.path().resolve("offsite"));
            assertThat(rest.get("/instances/" + id + "/file", PASSWORD)).isEqualTo(image);
            assertThat(engine.compose(compose, "exec", "-T", "orthanc", "id", "-u")
                            .output())
                    .isEqualTo("990\n");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> "healthy".equals(state(compose).getHealth().getStatus()));

            engine.compose(compose, "stop");
            assertThat(state(compose).getExitCodeLong()).isZero();
            assertThat(state(compose).getOOMKilled()).isFalse();
            engine.compose(compose, "start");
            awaitAnswer(rest);
            strongroom(compose, "status"); // waits for the sidecar, which starts a little later
            assertThat(rest.get("/instances/" + id + "/file", PASSWORD)).isEqualTo(image);
        } finally {
            System.out.println(engine.compose(compose, "logs", "--no-color").output());
            engine.compose(compose, "down", "-v");
        }
    }

    /** The files of {@code docker/} and what they ask for, on free ports of 127.0.0.1 and one disk. */
    private static Path compose(int port) {
        scratch.folder("docker");
        forTheUserOfTheImage(scratch.folder("offsite"));
        forTheUserOfTheImage(
                scratch.file("docker/passphrase", "correct horse battery staple\n".getBytes(StandardCharsets.UTF_8)));
        copy("orthanc.json", "\"/mnt/offsite\"", "\"/mnt/offsite\", \"AllowSameDisk\": true");
        scratch.file(
                "docker/.env",
                ("ORTHANC_PASSWORD=wonderland\nOFFSITE=" + scratch.path().resolve("offsite") + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        Path compose = copy("compose.yaml", "127.0.0.1:8042:", "127.0.0.1:" + port + ":");
        return write("docker/compose.yaml", read(compose), "\"4242:", "\"127.0.0.1:" + Ports.free() + ":");
    }

    private static Path copy(String file, String text, String instead) {
        return write("docker/" + file, read(Project.root().resolve("docker").resolve(file)), text, instead);
    }

    private static Path write(String name, String content, String text, String instead) {
        assertThat(content).contains(text);
        Path written = scratch.file(name, content.replace(text, instead).getBytes(StandardCharsets.UTF_8));
        Command.of("chmod", "644", written).run().orFail();
        return written;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forTheUserOfTheImage(Path path) {
        Command.of("chown", "990:990", path).run().orFail();
    }

    private static String upload(Rest rest, byte[] image) {
        awaitAnswer(rest);
        var answer = rest.send("POST", "/instances", image, PASSWORD);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Rest.parse(answer.body()).path("ID").asText();
    }

    private static void awaitAnswer(Rest rest) {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> rest.get("/system", PASSWORD).length > 0);
    }

    /** A command of the distribution in the container; its words are parted by spaces. */
    private static String strongroom(Path compose, String words) {
        String command =
                "exec -T orthanc /opt/strongroom/bin/strongroom --config /etc/strongroom/orthanc.json " + words;
        return engine.compose(compose, (Object[]) command.split(" ")).output();
    }

    private static ContainerState state(Path compose) {
        String container =
                engine.compose(compose, "ps", "-q", "orthanc").output().strip();
        return engine.client().inspectContainerCmd(container).exec().getState();
    }
}
