package org.strongroom.tests.openid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.plugin.openid.Answer;
import org.strongroom.plugin.openid.Journey;
import org.strongroom.plugin.openid.Person;
import org.strongroom.plugin.openid.Provider;
import org.strongroom.tests.harness.OidcProvider;

/** The certified {@code oidc-provider} of npm, which people log in to. */
class OpenIdTest {
    private static final String ORTHANC = "http://127.0.0.1:8042";
    private static final String END = ORTHANC + "/strongroom/openid";
    private static final Journey JOURNEY = new Journey("s".repeat(43), "n".repeat(43), "v".repeat(43));

    @TempDir
    Path folder;

    private final AtomicReference<Optional<String>> silent = new AtomicReference<>(Optional.empty());

    private Provider provider(OidcProvider real, String secret) {
        String json =
                """
                {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/k"}, "Access": {"OpenIdConnect": {
                  "Issuer": "ISSUER", "ClientId": "strongroom", "ClientSecretEnv": "SECRET",
                  "Groups": [{"Group": "readers", "Roles": ["radiologist"]}]},
                  "Login": {"Address": "ORTHANC"}}}}
                """
                        .replace("ISSUER", real.issuer())
                        .replace("ORTHANC", ORTHANC);
        AccessSettings access = Settings.parse(json).access();
        return new Provider(
                access.openIdConnect().orElseThrow(),
                access.login().address().orElseThrow(),
                Map.of("SECRET", secret),
                Clock.systemUTC(),
                silent::set);
    }

    private static Map<String, String> brings(Provider provider, Journey journey, String name) {
        URI back = new PersonsBrowser().logIn(URI.create(provider.address(journey)), name, END);
        Map<String, String> brings = new HashMap<>();
        for (String pair : back.getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            brings.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        assertThat(brings).containsEntry("state", journey.state());
        return brings;
    }

    private static Answer redeem(Provider provider, Journey journey, Map<String, String> brings) {
        return provider.redeem(journey, brings.get("code"), Optional.ofNullable(brings.get("iss")));
    }

    private static Person person(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Named.class);
        return ((Answer.Named) answer).person();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void namesWhoHasLoggedInThereWithTheirGroups(boolean userInfo) {
        try (OidcProvider real = new OidcProvider(folder, END, userInfo)) {
            Provider provider = provider(real, OidcProvider.SECRET);
            Person nora = person(redeem(provider, JOURNEY, brings(provider, JOURNEY, "nora")));
            assertThat(nora.name()).isEqualTo("nora");
            assertThat(nora.subject()).isNotEqualTo("");
            assertThat(nora.groups()).containsExactly("readers");
            assertThat(person(redeem(provider, JOURNEY, brings(provider, JOURNEY, "stranger")))
                            .groups())
                    .isEmpty();
        }
    }

    @Test
    void aCodeIsGoodOnceAndForOneJourney() {
        try (OidcProvider real = new OidcProvider(folder, END, false)) {
            Provider provider = provider(real, OidcProvider.SECRET);
            Map<String, String> brings = brings(provider, JOURNEY, "nora");
            person(redeem(provider, JOURNEY, brings));
            assertThat(redeem(provider, JOURNEY, brings)).isInstanceOf(Answer.Refused.class);
            Journey otherVerifier = new Journey(JOURNEY.state(), JOURNEY.nonce(), "w".repeat(43));
            assertThat(redeem(provider, otherVerifier, brings(provider, JOURNEY, "nora")))
                    .isInstanceOf(Answer.Refused.class);
            Journey otherNonce = new Journey(JOURNEY.state(), "m".repeat(43), JOURNEY.verifier());
            assertThat(redeem(provider, otherNonce, brings(provider, JOURNEY, "nora")))
                    .isEqualTo(new Answer.Refused("the ID token is for another login"));
            Map<String, String> unsigned = new HashMap<>(brings(provider, JOURNEY, "nora"));
            unsigned.remove("iss");
            assertThat(redeem(provider, JOURNEY, unsigned))
                    .as("it says that it always names itself")
                    .isInstanceOf(Answer.Refused.class);
        }
    }

    @Test
    void aWrongSecretAndSilenceAreTold() {
        try (OidcProvider real = new OidcProvider(folder, END, false)) {
            Provider wrong = provider(real, "another");
            Map<String, String> brings = brings(wrong, JOURNEY, "nora");
            assertThatThrownBy(() -> redeem(wrong, JOURNEY, brings)).isInstanceOf(StrongroomException.class);
            assertThat(silent.get().orElseThrow()).contains("refuses this client");
            real.kill();
            Provider provider = provider(real, OidcProvider.SECRET);
            assertThatThrownBy(() -> provider.address(JOURNEY)).isInstanceOf(StrongroomException.class);
            assertThat(silent.get().orElseThrow()).contains("does not answer");
        }
    }
}
