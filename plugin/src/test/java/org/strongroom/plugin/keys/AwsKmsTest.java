package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AwsKmsSettings;
import org.strongroom.plugin.keyservice.AwsKms;
import org.strongroom.plugin.keyservice.AwsKmsStandIn;

/** A stand-in for AWS KMS, written from its public API reference. */
class AwsKmsTest extends KeySourceContract {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/example";

    private AwsKmsStandIn kms;

    @BeforeEach
    void start() throws IOException {
        kms = new AwsKmsStandIn("AKIAEXAMPLE", SECRET).key("alias/strongroom").key("alias/other");
    }

    @AfterEach
    void stop() {
        kms.close();
    }

    private KeySource source(String key, String credentials, InstantSource clock) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "credentials", ""), credentials);
        return new WrappedRoot(
                new AwsKms(new AwsKmsSettings(key, "eu-central-1", Optional.of(kms.address()), file, "keys"), clock));
    }

    private static String credentials(String secret) {
        return "[default]\naws_access_key_id = AKIATIER\naws_secret_access_key = of-a-tier\n\n"
                + "[keys]\n# a comment\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key=" + secret + "\n";
    }

    @Override
    KeySource source() throws IOException {
        return source("alias/strongroom", credentials(SECRET), Clock.systemUTC());
    }

    @Override
    KeySource another() throws IOException {
        return source("alias/other", credentials(SECRET), Clock.systemUTC());
    }

    @Override
    Map<String, KeySource> failing() throws IOException {
        Map<String, KeySource> failing = new LinkedHashMap<>();
        failing.put("alias/absent", source("alias/absent", credentials(SECRET), Clock.systemUTC()));
        failing.put(
                "InvalidSignatureException",
                source("alias/strongroom", credentials("another-secret"), Clock.systemUTC()));
        failing.put(
                "clock",
                source(
                        "alias/strongroom",
                        credentials(SECRET),
                        Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-20))));
        failing.put("AwsKms.CredentialsFile", source("alias/strongroom", "[default]\n" + SECRET, Clock.systemUTC()));
        return failing;
    }

    @Override
    String secret() {
        return SECRET;
    }

    @Test
    void itsOwnTroubleIsUnavailableAndWhatItRefusesHasACure() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());
        KeySource source = source();
        Map.of(
                        "KMSInternalException", FailureKind.UNAVAILABLE,
                        "AccessDeniedException", FailureKind.REFUSED,
                        "KMSInvalidStateException", FailureKind.REFUSED)
                .forEach((error, kind) -> {
                    kms.trouble(error);
                    assertThatThrownBy(() -> source.rootKey(parameters))
                            .hasMessageContaining(error)
                            .isInstanceOfSatisfying(StrongroomException.class, e -> {
                                assertThat(e.kind()).isEqualTo(kind);
                                assertThat(e.cure()).isNotEmpty();
                            });
                });
        kms.trouble("");

        assertThat(source.rootKey(parameters)).isEqualTo(source.rootKey(parameters));
    }

    @Test
    void theKeysOwnNameIsRemembered() throws Exception {
        RootParameters parameters = source().newParameters(new SecureRandom());

        assertThat(parameters.wrapped().orElseThrow().key()).startsWith("arn:aws:kms:eu-central-1:");
        assertThatThrownBy(() -> another().rootKey(parameters))
                .hasMessageContaining(parameters.wrapped().orElseThrow().key());
    }
}
