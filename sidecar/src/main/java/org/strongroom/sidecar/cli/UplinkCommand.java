package org.strongroom.sidecar.cli;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.UplinkRequest;
import org.strongroom.core.control.UplinkStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.UplinkSettings;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "uplink",
        description =
                "Show how much may be sent in a second, and what is being sent. With a limit: it holds at once, instead of"
                        + " Uplink.Limit and Uplink.Timetable, for as long as is said, also if the sidecar is started again.")
final class UplinkCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @ArgGroup
    private Order order;

    private static final class Order {
        @ArgGroup(exclusive = false)
        private Other other;

        @Option(names = "--back", description = "The settings hold again, at once.")
        private boolean back;
    }

    private static final class Other {
        @Option(
                names = "--limit",
                required = true,
                paramLabel = "RATE",
                description = "For example \"2 Mbit/s\", \"unlimited\" or \"off\".")
        private String limit;

        @Option(
                names = "--for",
                required = true,
                paramLabel = "TIME",
                description = "For example \"2 h\"; at most 7 days.")
        private Duration time;
    }

    @Override
    public Integer call() {
        Session session = main.session();
        UplinkStatus status =
                order == null ? session.sidecar().uplink() : session.sidecar().uplink(request());
        session.console().object(status);
        session.console().line("Limit    " + status.limit() + until(status));
        session.console()
                .line("Settings " + settings(session.configuration().settings().uplink()));
        session.console().line("Sending  " + sending(status.sending()));
        return Console.DONE;
    }

    private UplinkRequest request() {
        if (order.back) {
            return new UplinkRequest(null, null);
        }
        try {
            return new UplinkRequest(order.other.limit, order.other.time.toSeconds());
        } catch (IllegalArgumentException e) {
            throw StrongroomException.of(FailureKind.REFUSED, "this is no limit for a while")
                    .cure(e.getMessage())
                    .causedBy(e);
        }
    }

    private static String until(UplinkStatus status) {
        return status.changes() == null
                ? ""
                : " until " + ForecastText.time(status.changes(), ZoneId.systemDefault())
                        + (status.until() == null ? "" : "; the settings say " + status.settings() + " now");
    }

    private static String settings(UplinkSettings uplink) {
        StringBuilder text = new StringBuilder(uplink.limit().toString());
        uplink.timetable()
                .forEach(line -> text.append("; ").append(line).append(' ').append(line.limit()));
        return text.toString();
    }

    private static String sending(Map<String, Long> sending) {
        return sending.isEmpty()
                ? "nothing"
                : String.join(
                        ", ",
                        sending.entrySet().stream()
                                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                                        .thenComparing(Map.Entry.comparingByKey()))
                                .map(each -> each.getKey() + " " + Amounts.bytes(each.getValue()) + "/s")
                                .toList());
    }
}
