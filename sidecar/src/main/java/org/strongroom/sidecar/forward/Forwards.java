package org.strongroom.sidecar.forward;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.ForwardSettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.problem.Problems;

/** Makes a forwarder of each destination in the settings. Stateless. */
public final class Forwards {
    private static final String FHIR = "fhir+";

    private Forwards() {}

    /**
     * One for each; nothing is read or sent yet.
     */
    public static List<Forwarder> of(
            Map<String, ForwardSettings> settings,
            Home home,
            UUID installation,
            Problems problems,
            InstantSource clock,
            RunningTime time) {
        return settings.entrySet().stream()
                .map(one -> new Forwarder(
                        one.getKey(),
                        home.audit(),
                        one.getValue().from().equals("beginning"),
                        one.getValue().alarm(),
                        () -> destination(one.getValue(), installation),
                        problems,
                        clock,
                        time))
                .toList();
    }

    static Destination destination(ForwardSettings settings, UUID installation) {
        URI address = settings.address().uri();
        SyslogText text = new SyslogText(installation, host());
        return switch (address.getScheme()) {
            case "syslog+tls" -> new SyslogTls(address, TlsMaterial.of(settings).getSocketFactory(), text);
            case "syslog+udp" -> new SyslogUdp(address, text);
            case "fhir+https" ->
                new FhirEndpoint(new HttpsPost(TlsMaterial.of(settings), token(settings)), base(address), installation);
            case "https" -> new JsonPost(new HttpsPost(TlsMaterial.of(settings), token(settings)), address);
            default -> new JsonFile(Path.of(address.getPath()));
        };
    }

    private static URI base(URI address) {
        return URI.create(address.toString().substring(FHIR.length()).replaceAll("/+$", ""));
    }

    private static HttpsPost.Token token(ForwardSettings settings) {
        return new BearerToken(settings.tokenFile(), settings.tokenEnv(), System::getenv);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "-";
        }
    }
}
