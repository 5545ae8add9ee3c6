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
import org.strongroom.sidecar.uplink.Uplink;

/** Makes a forwarder of each destination in the settings. Stateless. */
public final class Forwards {
    private static final String FHIR = "fhir+";

    private Forwards() {}

    /**
     * One for each; nothing is read or sent yet.
     *
     * @param uplink that what they send goes over; a file's lines stay here
     */
    public static List<Forwarder> of(
            Map<String, ForwardSettings> settings,
            Home home,
            UUID installation,
            Problems problems,
            Uplink uplink,
            InstantSource clock,
            RunningTime time) {
        return settings.entrySet().stream()
                .map(one -> new Forwarder(
                        one.getKey(),
                        home.audit(),
                        one.getValue().from().equals("beginning"),
                        one.getValue().alarm(),
                        () -> destination(one.getValue(), installation, uplink),
                        isHere(one.getValue()) ? () -> true : uplink::isOpen,
                        problems,
                        clock,
                        time))
                .toList();
    }

    private static boolean isHere(ForwardSettings settings) {
        return settings.address().uri().getScheme().equals("file");
    }

    static Destination destination(ForwardSettings settings, UUID installation, Uplink uplink) {
        URI address = settings.address().uri();
        SyslogText text = new SyslogText(installation, host());
        return switch (address.getScheme()) {
            case "syslog+tls" -> new SyslogTls(address, TlsMaterial.of(settings).getSocketFactory(), text, uplink);
            case "syslog+udp" -> new SyslogUdp(address, text, uplink);
            case "fhir+https" ->
                new FhirEndpoint(
                        new HttpsPost(TlsMaterial.of(settings), token(settings), uplink), base(address), installation);
            case "https" -> new JsonPost(new HttpsPost(TlsMaterial.of(settings), token(settings), uplink), address);
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
