package org.strongroom.sidecar.tier;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.S3Settings;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** One bucket with its settings: turns names into keys and the SDK's exceptions into ours. Thread-safe. */
final class S3Bucket implements AutoCloseable {
    private static final int HTTP_FORBIDDEN = 403;

    private final S3Client client;
    private final S3Client deleter;
    private final S3Settings settings;
    private final S3Dialect dialect;
    private final S3Failures failures;
    private final int pageSize;

    /**
     * The bucket of {@code settings}, through {@code client}.
     *
     * @param deleter with the credentials that may delete; perhaps the same
     * @param pageSize how many entries of a list are asked for at once
     */
    S3Bucket(
            S3Client client,
            S3Client deleter,
            S3Settings settings,
            S3Dialect dialect,
            S3Failures failures,
            int pageSize) {
        this.client = client;
        this.deleter = deleter;
        this.settings = settings;
        this.dialect = dialect;
        this.failures = failures;
        this.pageSize = pageSize;
    }

    String bucket() {
        return settings.bucket();
    }

    Optional<String> storageClass() {
        return settings.storageClass();
    }

    boolean speaks(S3Dialect other) {
        return dialect == other;
    }

    boolean wantsEqualParts() {
        return S3Dialect.wantsEqualParts(settings.endpoint());
    }

    int pageSize() {
        return pageSize;
    }

    S3Failures failures() {
        return failures;
    }

    String key(String name) {
        return prefix() + ObjectName.check(name);
    }

    /** What the bucket's keys in this tier begin with. */
    String prefix() {
        return settings.prefix().orElse("");
    }

    String name(String key) {
        return key.substring(prefix().length());
    }

    /** Asks the store; every failure comes as ours. */
    <T> T call(Function<S3Client, T> request) {
        return call(client, request);
    }

    /** As {@link #call(String, Function)}, with the credentials that may delete. */
    <T> T remove(String object, Function<S3Client, T> request) {
        try {
            return call(deleter, request);
        } catch (StrongroomException e) {
            StrongroomException named = e.with("object", object);
            throw S3Failures.status(e) == HTTP_FORBIDDEN
                            && settings.deleterCredentialsFile().isEmpty()
                    ? named.cure("Set DeleterCredentialsFile to credentials that may delete"
                            + " (docs/operations.md, A locked bucket); until then it stays")
                    : named;
        }
    }

    private <T> T call(S3Client client, Function<S3Client, T> request) {
        try {
            return request.apply(client);
        } catch (SdkException e) {
            throw failures.map(e);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw failures.unusable(e);
        }
    }

    /** As {@link #call(Function)}; a failure names the object. */
    <T> T call(String object, Function<S3Client, T> request) {
        try {
            return call(request);
        } catch (StrongroomException e) {
            throw e.with("object", object);
        }
    }

    /** A field that every S3 store sends: without it a stranger answered, such as a hotel's login page. */
    <T> T required(T field) {
        if (field == null) {
            throw failures.stranger();
        }
        return field;
    }

    @Override
    public void close() {
        client.close();
        if (deleter != client) {
            deleter.close();
        }
    }
}
