package org.strongroom.plugin.keyservice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.VaultSettings;
import org.strongroom.plugin.credential.Authorities;
import org.strongroom.plugin.credential.Credential;

/**
 * Vault's transit engine, by its public HTTP API ({@code POST /v1/MOUNT/encrypt/KEY} and {@code …/decrypt/KEY}). A key that
 * was rotated there still unwraps what its older versions wrapped.
 */
public final class VaultTransit implements KeyService {
    private static final String SETTING = "Strongroom.RootKey.Vault";
    /** What a header can hold. The JDK's own complaint about another one would quote it. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private final VaultSettings settings;
    private final Credential token;
    private final KeyServiceHttp http;

    /** @param environment of this process, where {@code TokenEnv} may be */
    public VaultTransit(VaultSettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.token = new Credential("RootKey.Vault.Token", settings.tokenFile(), settings.tokenEnv(), environment);
        this.http =
                new KeyServiceHttp(SETTING, Authorities.of("RootKey.Vault.AuthorityFile", settings.authorityFile()));
    }

    @Override
    public String kind() {
        return "vault";
    }

    @Override
    public Wrapped wrap(byte[] secret) {
        KeyServiceHttp.Answer answer =
                ask("encrypt", "plaintext", Base64.getEncoder().encodeToString(secret));
        return new Wrapped(key(), answer.text("/data/ciphertext").orElseThrow(() -> refused(answer)));
    }

    @Override
    public byte[] unwrap(Wrapped wrapped) {
        KeyServiceHttp.Answer answer = ask("decrypt", "ciphertext", wrapped.text());
        if (answer.status() == 400) {
            throw wrapped.isOfAnother("Vault").with(SETTING + ".Key", key()).with("answer", said(answer));
        }
        return answer.bytes("/data/plaintext").orElseThrow(() -> refused(answer));
    }

    private String key() {
        return settings.mount() + "/" + settings.key();
    }

    private KeyServiceHttp.Answer ask(String verb, String name, String value) {
        URI address = URI.create(settings.address() + "/v1/" + settings.mount() + "/" + verb + "/" + settings.key());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("X-Vault-Request", "true");
        settings.namespace().ifPresent(namespace -> headers.put("X-Vault-Namespace", namespace));
        byte[] secret = token.read();
        try {
            headers.put("X-Vault-Token", token(secret));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
        String body = JsonNodeFactory.instance.objectNode().put(name, value).toString();
        return http.post(address, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private String token(byte[] secret) {
        String text = new String(secret, StandardCharsets.ISO_8859_1).strip();
        if (!TOKEN.matcher(text).matches()) {
            throw token.refused("holds no token: it has other characters than visible ASCII ones, or none");
        }
        return text;
    }

    private StrongroomException refused(KeyServiceHttp.Answer answer) {
        String cure =
                switch (answer.status()) {
                    case 403 -> "Give Orthanc a valid token that may update MOUNT/encrypt/KEY and MOUNT/decrypt/KEY";
                    case 404 -> "Correct " + SETTING + ".Mount, or enable the transit engine there";
                    case 503 -> "Vault is sealed or stands by: unseal it, then start Orthanc again";
                    default -> "Look at Vault's own log; correct " + SETTING;
                };
        return http.refused(answer, said(answer), cure).with("key", key());
    }

    private static String said(KeyServiceHttp.Answer answer) {
        return KeyServiceHttp.printable(answer.json().at("/errors/0").asText("nothing"));
    }
}
