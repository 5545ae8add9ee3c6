package org.strongroom.plugin.offline.kit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Installation;
import org.strongroom.core.home.KitFile;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.kit.RecoveryKit;
import org.strongroom.plugin.kit.Share;
import org.strongroom.plugin.kit.Sheet;
import org.strongroom.plugin.kit.SheetText;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.RetentionDesk;
import org.strongroom.plugin.recover.TierAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "create",
        description = "Make a new kit: one sheet a person, as PDF. Older kits stay good. Print them, prove the kit with"
                + " 'kit check', and delete the files; until it is proven this machine keeps the recovery key as well.")
final class KitCreateCommand implements Callable<Integer> {
    @ParentCommand
    private KitCommand kit;

    @Option(names = "--shares", required = true, paramLabel = "N", description = "How many people get one.")
    private int shares;

    @Option(
            names = "--need",
            required = true,
            paramLabel = "K",
            description = "How many of them are needed, at least 2.")
    private int need;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the sheets; empty or not there. Best one in memory, such as /dev/shm/kit.")
    private Path out;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILES",
            description = "Shares of an older kit, when this machine does not keep the recovery key any more.")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws InterruptedException {
        if (need < 2 || need > shares || shares > RecoveryKit.MOST_SHARES) {
            throw StrongroomException.of(FailureKind.REFUSED, "these numbers make no kit")
                    .with("--shares", shares)
                    .with("--need", need)
                    .cure("At least 2 needed, at most as many as there are, and not more than "
                            + RecoveryKit.MOST_SHARES + "; 3 of 5 is a good kit");
        }
        Session session = kit.main.session();
        try {
            return make(session, Place.of(session));
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int make(Session session, Place place) throws IOException, InterruptedException {
        requireEmpty(out);
        place.requireOwner();
        Installation installation = place.installation();
        Key32 secret = files.isEmpty()
                ? pending(place, installation)
                : KitShares.read(installation, files).combine(installation);
        try {
            SecureRandom random = new SecureRandom();
            List<Share> made =
                    RecoveryKit.split(secret, Share.fingerprint(installation.recoveryKey()), need, shares, random);
            KitFile note = new KitFile(made.get(0).kitName(), shares, need, kit.main.clock.instant(), null, null);
            RetentionDesk desk = RetentionDesk.await(place, kit.main.clock, kit.main.sleeper);
            try (desk) { // first: sheets of which nobody could read must not be there
                desk.record(KitCommand.event("made", note.kit())
                        .with("shares", shares)
                        .with("need", need)
                        .with("from", files.isEmpty() ? "this machine" : "sheets"));
            }
            List<String> sheets = write(out, made, place, installation);
            note.write(place.home().kit());
            session.console().object(Map.of("kit", note.kit(), "shares", shares, "need", need, "sheets", sheets));
            sheets.forEach(session.console()::line);
            session.console()
                    .line("Kit " + note.kit() + ": any " + need + " of these " + shares
                            + " open everything. Print each, give it to one person, and prove"
                            + " the kit: strongroom kit check --from TIER " + out + "/*.pdf; then delete the files.");
            return Console.DONE;
        } finally {
            secret.destroy();
        }
    }

    private Key32 pending(Place place, Installation installation) throws IOException {
        return PendingRecoveryKey.open(place.home(), installation, place.source())
                .orElseThrow(() -> StrongroomException.of(
                                FailureKind.REFUSED,
                                "this machine does not keep the recovery key any more: a kit was proven")
                        .cure("Give enough shares of the older kit: strongroom kit create … FILES"));
    }

    private List<String> write(Path out, List<Share> shares, Place place, Installation installation)
            throws IOException {
        SheetText about = new SheetText(
                installation.id(),
                places(place),
                shares.size(),
                kit.main.clock.instant().atZone(ZoneId.systemDefault()).toLocalDate());
        DurableFiles.createDirectories(out.toAbsolutePath());
        List<String> sheets = new ArrayList<>();
        for (Share share : shares) {
            Path sheet = out.resolve(
                    "strongroom-" + share.kitName() + "-share-" + share.number() + "-of-" + shares.size() + ".pdf");
            DurableFiles.replace(sheet.toAbsolutePath(), Sheet.of(share, about));
            sheets.add(sheet.toString());
        }
        return sheets;
    }

    private static List<String> places(Place place) {
        List<String> places = new ArrayList<>();
        place.settings().tiers().forEach((name, tier) -> places.add(name + ", " + where(tier)));
        return places;
    }

    /** As {@code recover --from} takes it, and what else that has to be told. */
    static String where(TierSettings tier) {
        String address = TierAddress.of(tier);
        if (tier.s3().isPresent()) {
            var s3 = tier.s3().get();
            return address + s3.endpoint().map(at -> " at " + at).orElse(" at AWS, " + s3.region());
        }
        if (tier.azure().isPresent()) {
            return address
                    + tier.azure().get().endpoint().map(at -> " at " + at).orElse("");
        }
        return "folder " + address;
    }

    private static void requireEmpty(Path out) throws IOException {
        if (!Files.exists(out)) {
            return;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(out)) {
            if (found.iterator().hasNext()) {
                throw StrongroomException.of(FailureKind.REFUSED, "the folder for the sheets is not empty")
                        .with("--out", out)
                        .cure("Name a new folder: old and new sheets together would be mixed up");
            }
        }
    }
}
