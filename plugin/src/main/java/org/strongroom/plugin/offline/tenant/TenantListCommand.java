package org.strongroom.plugin.offline.tenant;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tenant.OwnedStudies.Study;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "list",
        description =
                "How many studies each tenant has, and who has sent them: also those that Orthanc has removed. With"
                        + " --tenant each study of one tenant, for example of quarantine.")
final class TenantListCommand implements Callable<Integer> {
    @ParentCommand
    private TenantCommand command;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Every study of this tenant, one line each.")
    private String tenant;

    @Override
    public Integer call() {
        Place place = Place.of(command.session());
        Console console = command.session().console();
        try (Keyring keyring = Keyring.read(place.home(), place.source(), command.main.clock)) {
            OwnedStudies studies = OwnedStudies.read(place, keyring);
            Origins origins = Origins.read(command.arrivals);
            return tenant == null ? counts(studies, origins, console) : each(studies, origins, console);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    private static int counts(OwnedStudies studies, Origins origins, Console console) {
        Map<String, Map<String, Long>> byTenant = new TreeMap<>();
        Map<String, Long> all = new TreeMap<>();
        for (Study study : studies.all()) {
            all.merge(study.owner(), 1L, Long::sum);
            Map<String, Long> sent = byTenant.computeIfAbsent(study.owner(), unseen -> new TreeMap<>());
            origins.of(study.given()).forEach(origin -> sent.merge(origin, 1L, Long::sum));
        }
        List<Map<String, Object>> json = new ArrayList<>();
        byTenant.forEach((name, sent) -> {
            json.add(Map.of("tenant", name, "studies", all.get(name), "sentBy", sent));
            List<String> senders = new ArrayList<>();
            sent.forEach((origin, count) -> senders.add(origin + " " + count));
            console.line(name + ": " + (all.get(name) == 1 ? "1 study" : all.get(name) + " studies")
                    + (senders.isEmpty() ? "" : " (" + String.join(", ", senders) + ")"));
        });
        console.object(Map.of("tenants", json));
        if (json.isEmpty()) {
            console.line("Nothing was sealed yet");
        }
        return Console.DONE;
    }

    private int each(OwnedStudies studies, Origins origins, Console console) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (Study study : studies.all()) {
            if (study.owner().equals(tenant)) {
                Set<String> sent = origins.of(study.given());
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("key", study.given().get(0));
                one.put("study", study.printable());
                one.put("sentBy", sent);
                study.other().ifPresent(other -> one.put("alsoOf", other));
                json.add(one);
                console.line(study.given().get(0) + "  " + study.printable()
                        + (sent.isEmpty() ? "" : "  sent by " + String.join(", ", sent))
                        + study.other()
                                .map(other -> "; something of it is " + other + "'s")
                                .orElse(""));
            }
        }
        console.object(Map.of("studies", json));
        if (json.isEmpty()) {
            console.line("There is no study of " + tenant + "'s");
        }
        return Console.DONE;
    }
}
