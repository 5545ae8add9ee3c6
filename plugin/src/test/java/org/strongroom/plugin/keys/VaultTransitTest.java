package org.strongroom.plugin.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.VaultSettings;
import org.strongroom.plugin.keyservice.VaultStandIn;
import org.strongroom.plugin.keyservice.VaultTransit;

/** A stand-in for Vault, written from its public API documentation. */
class VaultTransitTest extends KeySourceContract {
    private static final String TOKEN = "hvs.CAESIJ1token";

    private VaultStandIn vault;

    @BeforeEach
    void start() throws IOException {
        vault = new VaultStandIn(TOKEN).key("strongroom").key("other");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private KeySource source(URI endpoint, String mount, String key, String token) {
        return new WrappedRoot(new VaultTransit(
                new VaultSettings(
                        endpoint,
                        mount,
                        key,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("VAULT_TOKEN"),
                        Optional.empty()),
                token.isEmpty() ? Map.of() : Map.of("VAULT_TOKEN", token)));
    }

    @Override
    KeySource source() {
        return source(vault.address(), "transit", "strongroom", TOKEN);
    }

    @Override
    KeySource another() {
        return source(vault.address(), "transit", "other", TOKEN);
    }

    @Override
    Map<String, KeySource> failing() throws IOException {
        Map<String, KeySource> failing = new LinkedHashMap<>();
        failing.put("VAULT_TOKEN", source(vault.address(), "transit", "strongroom", ""));
        failing.put("permission denied", source(vault.address(), "transit", "strongroom", "hvs.another"));
        failing.put("Vault.Mount", source(vault.address(), "elsewhere", "strongroom", TOKEN));
        failing.put("transit/absent", source(vault.address(), "transit", "absent", TOKEN));
        URI closed = closed();
        failing.put(closed.toString(), source(closed, "transit", "strongroom", TOKEN));
        return failing;
    }

    private static URI closed() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Override
    String secret() {
        return TOKEN;
    }

    @Test
    void aSealedVaultIsUnavailableAndNothingIsLost() {
        RootParameters parameters = source().newParameters(new SecureRandom());
        vault.seal(true);
        assertThatThrownBy(() -> source().rootKey(parameters)).isInstanceOfSatisfying(StrongroomException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            assertThat(e.cure()).contains("unseal");
        });
        vault.seal(false);

        assertThat(source().rootKey(parameters)).isEqualTo(source().rootKey(parameters));
    }

    @Test
    void aKeyThatWasMadeAnewUnderItsNameIsSaidToBeAnother() {
        RootParameters parameters = source().newParameters(new SecureRandom());
        vault.key("strongroom");

        assertThatThrownBy(() -> source().rootKey(parameters))
                .hasMessageContaining("another key than the one that wrapped")
                .hasMessageContaining("transit/strongroom");
    }

    @Test
    void aTokenThatNoHeaderCanHoldIsRefusedWithoutBeingQuoted() {
        for (String wrong : new String[] {"hvs.sec\u00e9ret", "hvs.sec ret", "hvs.sec\nret", " "}) {
            KeySource source = source(vault.address(), "transit", "strongroom", wrong);
            assertThatThrownBy(() -> source.newParameters(new SecureRandom()))
                    .isInstanceOfSatisfying(StrongroomException.class, e -> {
                        assertThat(e.kind()).isEqualTo(FailureKind.REFUSED);
                        assertThat(e.context()).containsEntry("variable", "VAULT_TOKEN");
                    })
                    .hasMessageNotContaining("hvs");
        }
    }

    @Test
    void theTokenMayBeInAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        KeySource fromFile = new WrappedRoot(new VaultTransit(
                new VaultSettings(
                        vault.address(),
                        "transit",
                        "strongroom",
                        Optional.of("team"),
                        Optional.of(file),
                        Optional.empty(),
                        Optional.empty()),
                Map.of()));
        RootParameters parameters = fromFile.newParameters(new SecureRandom());

        assertThat(source().rootKey(parameters)).isEqualTo(fromFile.rootKey(parameters));
    }

    @Test
    void aFileWithoutACertificateIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "nothing");
        VaultSettings settings = new VaultSettings(
                vault.address(),
                "transit",
                "strongroom",
                Optional.empty(),
                Optional.empty(),
                Optional.of("VAULT_TOKEN"),
                Optional.of(file));
        assertThatThrownBy(() -> new VaultTransit(settings, Map.of()))
                .hasMessageContaining("Vault.AuthorityFile")
                .hasMessageContaining(file.toString());
    }
}
