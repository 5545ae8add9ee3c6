package org.strongroom.plugin.openid;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.settings.OpenIdSettings;
import org.strongroom.core.settings.WebAddress;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.credential.Authorities;
import org.strongroom.plugin.credential.Credential;

/**
 * The provider of {@code Access.OpenIdConnect}: the code flow of OpenID Connect Core 1.0 §3.1 with PKCE (RFC 7636). Thread-safe; a call
 * takes some tens of milliseconds, and up to four times {@code Timeout} while the provider hesitates.
 */
public final class Provider {
    private static final String SETTING = "Access.OpenIdConnect.";
    private static final Duration FRESH = Duration.ofHours(1);

    private final OpenIdSettings settings;
    private final URI redirect;
    private final Optional<Credential> secret;
    private final ProviderHttp http;
    private final RunningTime time = RunningTime.system();
    private final Line line;
    private final Keys keys;
    private final IdTokens tokens;
    private volatile Described described;

    private record Described(Metadata metadata, Duration at) {}

    /**
     * Asks nobody yet.
     *
     * @param orthanc where browsers reach this Orthanc
     * @param environment of this process, where the client's secret may be
     * @param trouble told when the provider is of no use any more, and why, and, with nothing, when it is again
     * @throws StrongroomException REFUSED if the secret or the certificates are not where the settings say
     */
    public Provider(
            OpenIdSettings settings,
            WebAddress orthanc,
            Map<String, String> environment,
            InstantSource clock,
            Consumer<Optional<String>> trouble) {
        this.settings = settings;
        this.redirect = orthanc.below("strongroom/openid");
        boolean hasSecret = settings.clientSecretFile().isPresent()
                || settings.clientSecretEnv().isPresent();
        this.secret = hasSecret
                ? Optional.of(new Credential(
                        SETTING + "ClientSecret", settings.clientSecretFile(), settings.clientSecretEnv(), environment))
                : Optional.empty();
        secret.ifPresent(place -> Arrays.fill(place.read(), (byte) 0));
        this.http =
                new ProviderHttp(Authorities.of(SETTING + "Authorities", settings.authorities()), settings.timeout());
        this.line = new Line(time, trouble);
        this.keys = new Keys(() -> get(described.metadata().keys(), Map.of()), time);
        this.tokens = new IdTokens(settings.issuer().toString(), settings.clientId(), keys, clock);
    }

    public OpenIdSettings settings() {
        return settings;
    }

    /** Where the provider sends browsers back to, and nowhere else. */
    public URI redirect() {
        return redirect;
    }

    /**
     * Where a browser is sent.
     *
     * @throws StrongroomException UNAVAILABLE if the provider does not say where that is
     */
    public String address(Journey journey) {
        Metadata described = described();
        byte[] hash = Sha256.of(journey.verifier().getBytes(StandardCharsets.US_ASCII))
                .toBytes();
        Map<String, String> question = new LinkedHashMap<>();
        question.put("response_type", "code");
        question.put("client_id", settings.clientId());
        question.put("redirect_uri", redirect.toString());
        question.put("scope", settings.scopes());
        question.put("state", journey.state());
        question.put("nonce", journey.nonce());
        question.put("code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        question.put("code_challenge_method", "S256");
        String address = described.authorization().toString();
        return address + (address.contains("?") ? "&" : "?") + form(question);
    }

    /**
     * Who sits before the browser that came back.
     *
     * @param journey that this browser was sent on
     * @param code that it brought
     * @param issuer who has sent it back, if it says so (RFC 9207)
     * @throws StrongroomException UNAVAILABLE if the provider does not answer: it cannot be told now. Without a cause it was not asked
     */
    public Answer redeem(Journey journey, String code, Optional<String> issuer) {
        Metadata described = described();
        String named =
                issuer.orElse(described.namesItself() ? "" : settings.issuer().toString());
        if (!named.equals(settings.issuer().toString())) {
            return new Answer.Refused("the browser comes from another provider");
        }
        try {
            return new Answer.Named(line.ask(true, () -> person(described, journey, code)));
        } catch (Refusal e) {
            return new Answer.Refused(e.getMessage());
        }
    }

    private Person person(Metadata described, Journey journey, String code) throws Trouble, Refusal {
        JsonNode answer = exchange(described, journey, code);
        JWTClaimsSet claims = tokens.check(answer.path("id_token").asText(), journey.nonce());
        Map<String, Object> said = new LinkedHashMap<>(claims.getClaims());
        boolean lacks = !said.containsKey(settings.groupsClaim()) || !said.containsKey(settings.name());
        boolean wants = settings.referringPhysician()
                .filter(claim -> !said.containsKey(claim))
                .isPresent();
        if ((lacks || wants) && described.userInfo().isPresent()) {
            try {
                userInfo(described.userInfo().get(), answer.path("access_token").asText(), claims.getSubject())
                        .forEach(said::putIfAbsent);
            } catch (Trouble | Refusal e) {
                if (lacks) {
                    throw e;
                } // else they are nobody's referring physician, and can be somebody all the same
            }
        }
        if (!said.containsKey(settings.groupsClaim())) {
            throw new Refusal(
                    "the provider does not say in which groups: see GroupsClaim, Scopes, and what it tells this client");
        }
        return new Person(
                claims.getSubject(),
                said.get(settings.name()) instanceof String name ? name : "",
                texts(said.get(settings.groupsClaim())),
                settings.referringPhysician()
                        .map(said::get)
                        .map(Provider::texts)
                        .orElse(List.of()));
    }

    private JsonNode exchange(Metadata described, Journey journey, String code) throws Trouble, Refusal {
        Map<String, String> question = new LinkedHashMap<>();
        question.put("grant_type", "authorization_code");
        question.put("code", code);
        question.put("redirect_uri", redirect.toString());
        question.put("code_verifier", journey.verifier());
        HttpRequest.Builder request = http.request(described.token());
        Optional<String> shown = shown();
        if (shown.isPresent() && !described.postsSecret()) {
            String pair = encode(settings.clientId()) + ":" + encode(shown.get()); // RFC 6749 §2.3.1
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        } else {
            question.put("client_id", settings.clientId());
            shown.ifPresent(text -> question.put("client_secret", text));
        }
        ProviderHttp.Answer answer = http.send(request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(question)))
                .build());
        String error = answer.json().path("error").asText();
        if (error.equals("invalid_grant")) { // some say so with 401
            throw new Refusal("the provider does not take the code");
        }
        if (answer.status() == 401 || error.equals("invalid_client") || error.equals("unauthorized_client")) {
            throw new Trouble("the provider refuses this client: see ClientId and ClientSecret");
        }
        if (answer.isOfTrouble()) {
            throw Trouble.withOneQuestion(ProviderHttp.place(described.token()) + " answers " + answer.status());
        }
        if (answer.status() != 200) {
            throw new Refusal("the provider does not take the code");
        }
        return answer.json();
    }

    private Map<String, Object> userInfo(URI address, String token, String subject) throws Trouble, Refusal {
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new Refusal("the provider gives no access token");
        }
        ProviderHttp.Answer answer = get(address, Map.of("Authorization", "Bearer " + token));
        if (answer.status() != 200 || !answer.json().isObject()) {
            throw new Refusal("the provider does not tell more about the user");
        }
        if (!answer.json().path("sub").asText().equals(subject)) {
            throw new Refusal("the provider tells about another user");
        }
        Map<String, Object> said = new LinkedHashMap<>();
        answer.json().properties().forEach(claim -> {
            JsonNode value = claim.getValue();
            if (value.isTextual()) {
                said.put(claim.getKey(), value.asText());
            } else if (value.isArray()) {
                said.put(claim.getKey(), list(value));
            }
        });
        return said;
    }

    private static List<String> list(JsonNode array) {
        List<String> all = new ArrayList<>();
        array.forEach(each -> {
            if (each.isTextual()) {
                all.add(each.asText());
            }
        });
        return all;
    }

    private static List<String> texts(Object claim) {
        if (claim instanceof String one) {
            return List.of(one);
        }
        return claim instanceof List<?> many
                ? many.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private ProviderHttp.Answer get(URI address, Map<String, String> headers) throws Trouble {
        HttpRequest.Builder request = http.request(address).GET();
        headers.forEach(request::header);
        ProviderHttp.Answer answer = http.send(request.build());
        if (answer.isOfTrouble()) {
            throw new Trouble(ProviderHttp.place(address) + " answers " + answer.status());
        }
        return answer;
    }

    /** What it says of itself; kept for an hour. */
    private Metadata described() {
        Described known = described;
        if (known != null && time.now().minus(known.at()).compareTo(FRESH) < 0) {
            return known.metadata();
        }
        try {
            Metadata metadata = line.ask(false, this::description);
            described = new Described(metadata, time.now());
            return metadata;
        } catch (Refusal e) {
            throw new IllegalStateException(e);
        }
    }

    private Metadata description() throws Trouble {
        return Metadata.of(settings.issuer(), get(settings.issuer().below(Metadata.PATH), Map.of()));
    }

    private Optional<String> shown() throws Trouble {
        try {
            return secret.map(Provider::text);
        } catch (StrongroomException e) {
            throw new Trouble(e.getMessage(), e);
        }
    }

    private static String text(Credential place) {
        byte[] bytes = place.read();
        try {
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
