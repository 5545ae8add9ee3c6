package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.cli.Table;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.PackLine;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.place.Program;
import org.strongroom.plugin.offline.place.SidecarAccess;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.TierContents;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        description =
                "Read everything back from the tiers and open it with the keys, to the last bit. Fails if anything is missing,"
                        + " does not open or is stale. Where no sidecar runs, one is started meanwhile.")
public final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @ArgGroup(multiplicity = "1")
    private Which which;

    private static final class Which {
        @Option(names = "--all", description = "Every pack of every tier.")
        private boolean all;

        @Option(
                names = "--residency",
                description = "Only where the tiers are, and whether any holds data of a tenant that may not be there."
                        + " Opens nothing.")
        private boolean residency;

        @Option(names = "--tier", paramLabel = "NAME", description = "Every pack of these tiers, by name or place.")
        private List<String> tiers = List.of();
    }

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Place place = Place.of(session);
        try {
            if (which.residency) {
                return SidecarAccess.run(
                        session,
                        place,
                        main.sleeper,
                        (sidecar, alone) -> ResidencyProof.tell(session.console(), place, sidecar));
            }
            Collection<String> tiers = which.all
                    ? place.settings().tiers().keySet()
                    : which.tiers.stream().map(place::tier).distinct().toList();
            // The keys first: without them nothing need be started or asked.
            Keyring.read(place.home(), place.source(), main.clock).close();
            return SidecarAccess.run(
                    session, place, main.sleeper, (sidecar, alone) -> verify(session, place, tiers, sidecar));
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private int verify(Session session, Place place, Collection<String> tiers, ControlClient sidecar)
            throws IOException {
        TierContents contents = TierContents.of(sidecar);
        List<PackLine> packs = new ArrayList<>();
        contents.packs(packs::add);
        List<TierResult> results = new ArrayList<>();
        try (Keyring keyring = Keyring.read(place.home(), place.source(), main.clock);
                ProgressBar bar = new ProgressBar(session.console())) {
            for (String tier : tiers) {
                long bytes = packs.stream()
                        .filter(pack -> pack.tiers().contains(tier))
                        .mapToLong(PackLine::bytes)
                        .sum();
                results.add(new Verification(contents, keyring, place.home(), tier, done -> bar.show(done, bytes, tier))
                        .run(packs));
            }
        }
        return tell(session.console(), packs.size(), results);
    }

    static int tell(Console console, long packs, List<TierResult> results) {
        boolean sound = results.stream().allMatch(TierResult::sound);
        console.object(Map.of("packs", packs, "tiers", results, "sound", sound));
        Table table = new Table("TIER", "PACKS", "INSTANCES", "RAW", "KEY BUNDLES", "UNKNOWN PACKS", "FAULTS");
        for (TierResult result : results) {
            table.row(
                    result.tier(),
                    result.packs() + " of " + packs
                            + (result.archived() == 0 ? "" : " (" + result.archived() + " archived, not read)"),
                    String.valueOf(result.instances()),
                    Amounts.bytes(result.plainBytes()),
                    String.valueOf(result.bundles()),
                    String.valueOf(result.others()),
                    String.valueOf(result.faults().size()));
        }
        table.lines().forEach(console::line);
        for (TierResult result : results) {
            for (Fault fault : result.faults()) {
                console.line(fault.kind() + " in " + result.tier() + ": " + fault.message() + " (" + fault.object()
                        + (fault.attachment() == null ? "" : ", attachment " + fault.attachment()) + ")");
            }
        }
        boolean archived = results.stream().anyMatch(result -> result.archived() > 0);
        String opened = archived ? "Everything that is not archived opened." : "Everything opened.";
        console.line(sound ? opened : "Not everything opened.");
        return sound ? Console.DONE : Console.NOT_DONE;
    }
}
