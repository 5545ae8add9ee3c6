package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.audit.LogWitness;
import org.strongroom.sidecar.audit.WitnessServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "witness",
        description =
                "Be a witness of somebody else's log, until ended: sign that it only grew (C2SP tlog-witness). Needs"
                        + " its folder and nothing else of Strongroom.")
final class AuditWitnessCommand implements Callable<Integer> {
    private static final String ANYBODY = "0.0.0.0";

    @ParentCommand
    private AuditCommand audit;

    @Parameters(paramLabel = "DIR", description = "The witness's own folder: its key, and what it signed last.")
    private Path folder;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description =
                    "The verifier key (key.pub) of a log to be witnessed; may be given again. Others are not signed"
                            + " for.")
    private List<Path> keys = List.of();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:7654",
            description = "Where to listen, by http. Default: ${DEFAULT-VALUE}")
    private String listen;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Of a new witness, without spaces, such as clinic.example/witness. Default: a random one")
    private String name;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Session session = audit.session();
        if (name != null && !name.matches("[^\\s+\\p{Cntrl}]{1,200}")) {
            throw StrongroomException.of(FailureKind.REFUSED, "not the name of a witness")
                    .with("name", name)
                    .cure("Write it without spaces and +, such as clinic.example/witness");
        }
        InetSocketAddress address = address();
        WitnessServer.limitTimes();
        try (LogWitness witness = LogWitness.open(folder, Optional.ofNullable(name), keys, audit.clock());
                WitnessServer server = new WitnessServer(witness, address)) {
            String host = address.getAddress().getHostAddress();
            String url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("address", url);
            json.put("key", witness.key());
            session.console().object(json);
            session.console().line("Listening at " + url + (host.equals(ANYBODY) ? " (everybody)" : ""));
            session.console().line("Verifier key, for Audit.Witnesses: " + witness.key());
            new CountDownLatch(1).await(); // until a signal ends the process
        }
        return Console.DONE;
    }

    private InetSocketAddress address() {
        int colon = listen.lastIndexOf(':');
        try {
            if (colon > 0 && listen.substring(colon + 1).matches("[0-9]{1,5}")) {
                InetAddress host = InetAddress.getByName(listen.substring(0, colon));
                return new InetSocketAddress(host, Integer.parseInt(listen.substring(colon + 1)));
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw wrong().causedBy(e);
        }
        throw wrong();
    }

    private StrongroomException wrong() {
        return StrongroomException.of(FailureKind.REFUSED, "no address to listen at")
                .with("listen", listen)
                .cure("Write address and port: --listen 127.0.0.1:7654");
    }
}
