package org.strongroom.plugin.keyservice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AwsKmsSettings;
import org.strongroom.plugin.credential.Authorities;

/** AWS KMS, by its public JSON API ({@code TrentService.Encrypt} and {@code .Decrypt}), signed with Signature Version 4. */
public final class AwsKms implements KeyService {
    private static final String SETTING = "Strongroom.RootKey.AwsKms";
    private static final String JSON_TYPE = "application/x-amz-json-1.1";
    /** Bound to what it wraps: shown in AWS's own log, and demanded when it unwraps. */
    private static final Map<String, String> CONTEXT = Map.of("strongroom", "root/v1");

    private static final Set<String> ANOTHER_KEY = Set.of("IncorrectKeyException", "InvalidCiphertextException");

    private final AwsKmsSettings settings;
    private final InstantSource clock;
    private final KeyServiceHttp http;

    public AwsKms(AwsKmsSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.http = new KeyServiceHttp(SETTING, Authorities.of("RootKey.AwsKms", Optional.empty()));
    }

    @Override
    public String kind() {
        return "awsKms";
    }

    @Override
    public Wrapped wrap(byte[] secret) {
        KeyServiceHttp.Answer answer =
                ask("Encrypt", "Plaintext", Base64.getEncoder().encodeToString(secret));
        String text = answer.text("/CiphertextBlob").orElseThrow(() -> refused(answer));
        return new Wrapped(answer.text("/KeyId").orElse(settings.key()), text);
    }

    @Override
    public byte[] unwrap(Wrapped wrapped) {
        KeyServiceHttp.Answer answer = ask("Decrypt", "CiphertextBlob", wrapped.text());
        if (ANOTHER_KEY.contains(error(answer))) {
            throw wrapped.isOfAnother("AWS KMS").with(SETTING + ".Key", settings.key());
        }
        return answer.bytes("/Plaintext").orElseThrow(() -> refused(answer));
    }

    private KeyServiceHttp.Answer ask(String action, String name, String value) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("KeyId", settings.key())
                .put(name, value);
        CONTEXT.forEach(body.putObject("EncryptionContext")::put);
        byte[] content = body.toString().getBytes(StandardCharsets.UTF_8);
        URI address = URI.create(settings.address() + "/");
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", JSON_TYPE);
        headers.put("X-Amz-Target", "TrentService." + action);
        AwsCredentials credentials = AwsCredentials.read(settings.credentialsFile(), settings.profile());
        headers.putAll(new AwsSignature(settings.region(), "kms", credentials)
                .sign(address, headers, content, clock.instant()));
        return http.post(address, headers, content);
    }

    private StrongroomException refused(KeyServiceHttp.Answer answer) {
        String cure =
                switch (error(answer)) {
                    case "AccessDeniedException" ->
                        "Let these credentials do kms:Encrypt and kms:Decrypt with this key";
                    case "NotFoundException" -> "Correct " + SETTING + ".Key or .Region";
                    case "DisabledException", "KMSInvalidStateException" ->
                        "Enable the key in AWS KMS, or cancel its"
                                + " deletion: without it only the recovery kit opens anything";
                    case "UnrecognizedClientException", "InvalidSignatureException", "IncompleteSignatureException" ->
                        "Correct the credentials in " + SETTING + ".CredentialsFile, and this machine's clock";
                    default -> "Look at AWS's own log; correct " + SETTING;
                };
        return http.refused(answer, error(answer), cure).with("key", settings.key());
    }

    /** The name of the error, which some services put behind a namespace. */
    private static String error(KeyServiceHttp.Answer answer) {
        String type = answer.json().path("__type").asText("");
        return type.substring(type.indexOf('#') + 1);
    }
}
