package org.strongroom.sidecar.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.TrimRequest;
import org.strongroom.core.control.TrimResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "trim",
        description =
                "Tell what a tier holds that is not to be there: packs of tenants whose studies do not go there any more, or all if"
                        + " it is drained or outside the jurisdictions. With --delete, delete them there. Only what all tiers"
                        + " that it goes to have is deleted, and as many of them as Copies asks for say so again. Succeeds when"
                        + " nothing has to stay.")
final class TrimCommand implements Callable<Integer> {
    @ParentCommand
    private TierCommand parent;

    @Parameters(paramLabel = "NAME", description = "The tier's name in Strongroom.Tiers.")
    private String name;

    @Option(names = "--delete", description = "Delete it.")
    private boolean delete;

    @Override
    public Integer call() {
        Session session = parent.main.session();
        TierCommand.requireKnown(session, name);
        TrimResult now = new TrimResult(null, 0, 0, Map.of());
        try (ProgressBar bar = new ProgressBar(session.console())) {
            do {
                now = plus(now, session.sidecar().trim(name, new TrimRequest(now.behind(), !delete)));
                bar.show(now.packs(), now.packs(), Amounts.count(now.packs(), "pack"));
            } while (now.behind() != null);
        }
        session.console()
                .object(Map.of(
                        "tier", name,
                        "deleted", delete,
                        "packs", now.packs(),
                        "bytes", now.bytes(),
                        "kept", now.kept()));
        session.console()
                .line(Amounts.count(now.packs(), "pack") + ", " + Amounts.bytes(now.bytes())
                        + (delete
                                ? " deleted from tier " + name
                                : " to delete from tier " + name + " (with --delete)"));
        new TreeMap<>(now.kept())
                .forEach((reason, packs) -> session.console().line(Amounts.count(packs, "pack") + " stay: " + reason));
        return now.kept().isEmpty() ? Console.DONE : Console.NOT_DONE;
    }

    private static TrimResult plus(TrimResult before, TrimResult more) {
        Map<String, Long> kept = new TreeMap<>(before.kept());
        more.kept().forEach((reason, packs) -> kept.merge(reason, packs, Long::sum));
        return new TrimResult(more.behind(), before.packs() + more.packs(), before.bytes() + more.bytes(), kept);
    }
}
