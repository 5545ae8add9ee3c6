package org.strongroom.sidecar.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "ship",
        description =
                "Wait until every image is received by as many tiers as it must be (Strongroom.Copies; all, if that is not"
                        + " set). While it waits it says what for. It fails if an image is lost, or something only a"
                        + " person can mend stands in the way for half a minute, and says what; shipping goes on all"
                        + " the same.")
final class ShipCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Option(names = "--now", description = "Pack every study at once, also those that still grow (Pack.Quiet).")
    private boolean now;

    @Override
    public Integer call() throws InterruptedException {
        Session session = main.session();
        Shipping shipping = new Shipping(session::sidecar, session.console()::note, main.time, main.sleeper);
        Status before;
        Status after;
        try (ProgressBar bar = new ProgressBar(session.console())) {
            before = shipping.begin(now);
            long all = Math.max(1, before.backlog().bytes());
            after = shipping.await(
                    now,
                    session.timeout(),
                    status -> bar.show(
                            all - status.backlog().bytes(),
                            all,
                            Amounts.bytes(status.backlog().bytes()) + " and "
                                    + Amounts.count(status.backlog().instances(), "instance") + " to go"));
        }
        session.console()
                .line(Amounts.count(before.backlog().instances(), "instance") + " shipped and received; "
                        + Amounts.bytes(after.stored().tierBytes()) + " in all tiers");
        session.console()
                .object(Map.of(
                        "shipped",
                        Map.of(
                                "instances",
                                before.backlog().instances(),
                                "bytes",
                                before.backlog().bytes()),
                        "backlog",
                        after.backlog()));
        return Console.DONE;
    }
}
