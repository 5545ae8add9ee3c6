package org.strongroom.tests.harness;

import java.nio.file.Path;
import java.time.Duration;

/** A certified OpenID Connect provider on 127.0.0.1, by {@code tests/oidc-provider.sh}: nora is a reader, a stranger is in no group. */
public final class OidcProvider implements AutoCloseable {
    public static final String SECRET = "secret of the client";

    private final Path folder;
    private final int port = Ports.free();
    private final String redirect;
    private final boolean userInfo;

    /**
     * Starts it.
     *
     * @param redirect where it sends browsers back to
     * @param userInfo whether groups are at its userinfo address only
     */
    public OidcProvider(Path folder, String redirect, boolean userInfo) {
        this.folder = folder;
        this.redirect = redirect;
        this.userInfo = userInfo;
        start();
    }

    /** Starts it, with new keys. */
    public void start() {
        script("start", folder, port, redirect);
    }

    /** Ends it at once. */
    public void kill() {
        script("stop", folder);
    }

    public String issuer() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        kill();
    }

    private void script(Object... words) {
        Command.of(Project.root().resolve("tests/oidc-provider.sh"))
                .and(words)
                .with("PEOPLE", "{\"nora\": [\"readers\"], \"stranger\": []}")
                .with("CLIENT_SECRET", SECRET)
                .with("USERINFO", Boolean.toString(userInfo))
                .within(Duration.ofMinutes(12))
                .run()
                .orFail();
    }
}
