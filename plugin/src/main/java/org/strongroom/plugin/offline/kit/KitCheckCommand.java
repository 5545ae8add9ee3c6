package org.strongroom.plugin.offline.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.KitFile;
import org.strongroom.core.secret.Key32;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.kit.Share;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.tier.TierContents;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "check",
        description =
                "Prove that shares open a real object of a tier, with no other key. If they do, this machine forgets"
                        + " the recovery key: from then on only the kit has it.")
final class KitCheckCommand implements Callable<Integer> {
    @ParentCommand
    private KitCommand kit;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIER",
            description = "The tier's name, or its place as recover --from takes it.")
    private String from;

    @Parameters(arity = "1..*", paramLabel = "FILES", description = "Sheets (PDF), or text files with their words.")
    private List<Path> files;

    @Override
    public Integer call() throws InterruptedException {
        Session session = kit.main.session();
        try {
            return check(session, Place.of(session));
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int check(Session session, Place place) throws IOException, InterruptedException {
        String tier = place.tier(from);
        place.requireOwner();
        Installation installation = place.installation();
        KitShares shares = KitShares.read(installation, files);
        Key32 secret = shares.combine(installation);
        try {
            return SidecarAccess.run(session, place, kit.main.sleeper, (sidecar, alone) -> {
                TierContents contents = TierContents.of(sidecar);
                KitProof proof = new KitProof(contents, tier, installation.id(), secret, new SecureRandom());
                return proven(session.console(), place, shares, tier, proof.run());
            });
        } finally {
            secret.destroy();
        }
    }

    private int proven(Console console, Place place, KitShares shares, String tier, KitProof.Opened opened)
            throws IOException, InterruptedException {
        Share any = shares.any();
        KitFile note = KitFile.afterProof(
                KitFile.read(place.home().kit()),
                new KitFile(any.kitName(), shares.byFile().size(), any.need(), kit.main.clock.instant(), null, null),
                kit.main.clock.instant(),
                tier);
        RetentionDesk desk = RetentionDesk.await(place, kit.main.clock, kit.main.sleeper);
        try (desk) {
            desk.record(KitCommand.event("proven", any.kitName())
                    .with("tier", tier)
                    .with("shares", shares.byFile().size())
                    .with("bytes", opened.bytes()));
        }
        note.write(place.home().kit());
        boolean forgotten = PendingRecoveryKey.forget(place.home());
        console.object(Map.of(
                "kit", any.kitName(), "tier", tier, "opened", opened, "forgottenHere", forgotten, "proven", true));
        console.line(shares.byFile().size() + " shares of kit " + any.kitName() + " opened an image in tier " + tier
                + " (" + opened.bytes() + " bytes) with no other key.");
        if (!note.kit().equals(any.kitName())) {
            console.line("Kit " + note.kit()
                    + ", which was made here, was never proven: check it as well, or make another.");
        }
        if (forgotten) {
            console.line("This machine has forgotten the recovery key: only kits have it now.");
        }
        return Console.DONE;
    }
}
