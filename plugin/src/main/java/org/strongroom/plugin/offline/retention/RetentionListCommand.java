package org.strongroom.plugin.offline.retention;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "list",
        description =
                "The plans that were ever approved, the oldest first, and the erasures that were made of them; strongroom shred"
                        + " certificate tells of each what is left.")
final class RetentionListCommand implements Callable<Integer> {
    @ParentCommand
    private RetentionCommand retention;

    @Override
    public Integer call() {
        Session session = retention.main.session();
        Place place = Place.of(session);
        List<Map<String, Object>> plans = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (Keyring keyring = Keyring.read(place.home(), place.source(), retention.main.clock)) {
            for (Approval one : Approvals.read(place.home(), keyring).all()) {
                long erased = one.keys().stream().filter(keyring::isDestroyed).count();
                Optional<Instant> from = one.from(place.settings().retention().grace());
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("plan", one.digest());
                json.put("state", state(one));
                json.put("keys", one.keys().size());
                json.put("destroyed", erased);
                json.put("first", one.first());
                json.put("second", one.second());
                json.put("undone", one.undone());
                json.put("from", from.map(Instant::toString).orElse(null));
                json.put("erasures", one.handed());
                plans.add(json);
                lines.add(one.digest() + "  " + state(one)
                        + from.map(time -> ", from " + time + " on").orElse("")
                        + ", " + Amounts.count(one.keys().size(), "study key") + ", " + erased + " destroyed, by "
                        + one.first().owner());
                one.handed().forEach(study -> lines.add("    erasure " + study.erasure() + "  " + study.at()));
            }
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
        session.console().object(Map.of("plans", plans));
        lines.forEach(session.console()::line);
        if (lines.isEmpty()) {
            session.console().line("Nothing was ever approved");
        }
        return Console.DONE;
    }

    private static String state(Approval approval) {
        if (approval.undone() != null) {
            return "undone";
        }
        return approval.second() == null ? "waits for a second person" : "approved";
    }
}
