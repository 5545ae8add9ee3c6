package org.strongroom.plugin.offline.shred;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.erase.Erasure;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.SidecarAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "certificate",
        description =
                "Say what is left of what was erased, here and in every tier, as the sidecar finds it now, and what nobody here can"
                        + " know. Exit status 0 only if nothing is left, and the audit log proves it.")
final class ShredCertificateCommand implements Callable<Integer> {
    @ParentCommand
    private ShredCommand shred;

    @Parameters(paramLabel = "ERASURE", description = "Its id, as in strongroom shred list.")
    private UUID id;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description =
                    "Write it there once nothing is left, with the proofs of the audit log: strongroom audit certificate"
                            + " checks them anywhere.")
    private Path file;

    @Override
    public Integer call() throws InterruptedException {
        Session session = shred.main.session();
        Place place = Place.of(session);
        Erasure erasure;
        try (Keyring keyring = Keyring.read(place.home(), place.source(), shred.main.clock)) {
            erasure = ShredOrders.read(place, keyring, shred.main.clock).stream()
                    .filter(one -> one.id().equals(id))
                    .findAny()
                    .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "no such erasure")
                            .with("erasure", id)
                            .cure("Look for it: strongroom shred list"));
            return SidecarAccess.run(session, place, shred.main.sleeper, (sidecar, alone) -> {
                List<Remains> remains = new ArrayList<>();
                for (UUID key : erasure.keys()) {
                    remains.add(sidecar.remains(key));
                }
                Certificate certificate = CertificateProving.prove(
                        new Certificate(erasure, remains, shred.main.clock.instant()),
                        keyring,
                        place.settings().tiers().keySet(),
                        sidecar::certify);
                if (file != null && certificate.file().isPresent()) {
                    DurableFiles.replace(
                            file.toAbsolutePath(),
                            ControlJson.write(certificate.file().get()));
                }
                return tell(session.console(), certificate);
            });
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static int tell(Console console, Certificate certificate) {
        Map<String, Object> json = ShredListCommand.json(certificate.erasure());
        json.put("complete", certificate.isComplete());
        json.put("at", certificate.at().toString());
        json.put("left", certificate.left());
        json.put("notKnown", Certificate.NOT_KNOWN);
        certificate.file().ifPresent(proved -> json.put("certificate", proved));
        console.object(json);
        certificate.lines().forEach(console::line);
        return certificate.isComplete() ? Console.DONE : Console.NOT_DONE;
    }
}
