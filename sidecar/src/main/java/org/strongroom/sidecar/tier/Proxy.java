package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.secret.Secret;
import org.strongroom.core.settings.ProxySettings;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;

/** The proxy on the way to one store, as each of the HTTP clients wants to be told. Immutable. */
final class Proxy {
    private final URI address;
    private final Optional<Login> login;

    private Proxy(URI address, Optional<Login> login) {
        this.address = address;
        this.login = login;
    }

    /** @throws StrongroomException REFUSED if the file with the password cannot be used */
    static Proxy of(String tier, ProxySettings settings) {
        return new Proxy(settings.address(), settings.credentialsFile().map(file -> Login.read(tier, file)));
    }

    ProxyConfiguration forAws() {
        ProxyConfiguration.Builder proxy = ProxyConfiguration.builder()
                .endpoint(address)
                .useSystemPropertyValues(false)
                .useEnvironmentVariableValues(false);
        login.ifPresent(each -> proxy.username(each.user)
                .password(each.password.reveal())
                // A body that has begun cannot be sent once more when the proxy asks who this is.
                .preemptiveBasicAuthenticationEnabled(true));
        return proxy.build();
    }

    void addTo(HttpClientBuilder client) {
        HttpHost host = new HttpHost(address.getScheme(), address.getHost(), address.getPort());
        client.setProxy(host);
        login.ifPresent(each -> {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(
                            each.user, each.password.reveal().toCharArray()));
            client.setDefaultCredentialsProvider(credentials);
            // By http the proxy sees each request, and a body that has begun cannot be sent once more when it asks.
            client.addRequestInterceptorFirst((request, entity, context) -> {
                if ("http".equals(request.getScheme())) {
                    request.setHeader(HttpHeaders.PROXY_AUTHORIZATION, each.basic());
                }
            });
        });
    }

    /** Who we are to the proxy. */
    private record Login(String user, Secret password) {
        private static Login read(String tier, Path file) {
            String line;
            try {
                line = Files.readString(file, StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("");
            } catch (IOException e) {
                throw refused("the proxy's credentials file cannot be read", tier, file)
                        .cure("Make the file, readable by the sidecar's user only")
                        .causedBy(e);
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw refused("the proxy's credentials file holds no credentials", tier, file)
                        .cure("Write one line USER:PASSWORD into it");
            }
            return new Login(line.substring(0, colon), Secret.of(line.substring(colon + 1)));
        }

        private static StrongroomException refused(String text, String tier, Path file) {
            return StrongroomException.of(FailureKind.REFUSED, text)
                    .with("tier", tier)
                    .with("Proxy.CredentialsFile", file);
        }

        private String basic() {
            byte[] text = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(text);
        }
    }
}
