package org.strongroom.tests.tier;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Ports;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/** A real Ceph object gateway on 127.0.0.1, by {@code tests/ceph-rgw.sh}. */
public final class CephServer implements AutoCloseable {
    private final Scratch scratch = new Scratch();
    private final int port = Ports.free();
    private final int monitor = Ports.free();

    /** Starts it, empty, and returns when it answers. */
    public CephServer() {
        start();
    }

    /** Starts what was killed or stopped, with what it held. */
    public void start() {
        script("start", folder(), port, monitor);
    }

    /** Ends the gateway as a power cut would. */
    public void kill() {
        script("kill", folder());
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The one user's key, in the format of {@code CredentialsFile}. */
    public Path credentialsFile() {
        return folder().resolve("credentials");
    }

    public AwsBasicCredentials credentials() {
        Profile profile = ProfileFile.builder()
                .content(credentialsFile())
                .type(ProfileFile.Type.CREDENTIALS)
                .build()
                .profile("default")
                .orElseThrow();
        return AwsBasicCredentials.create(
                profile.property("aws_access_key_id").orElseThrow(),
                profile.property("aws_secret_access_key").orElseThrow());
    }

    @Override
    public void close() {
        script("stop", folder());
        scratch.close();
    }

    private Path folder() {
        return scratch.path().resolve("ceph");
    }

    private static void script(Object... words) {
        Command.of(Project.root().resolve("tests/ceph-rgw.sh"))
                .and(words)
                .within(Duration.ofMinutes(4))
                .run()
                .orFail();
    }
}
