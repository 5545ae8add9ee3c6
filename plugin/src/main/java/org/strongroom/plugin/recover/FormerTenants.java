package org.strongroom.plugin.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;

/**
 * Tenants that were taken out of the settings before the machine was lost: where their studies may be is remembered in the recovered Home as it was in the lost one
 * (docs/decisions/0021), with the names that tiers have now. Stateless.
 */
public final class FormerTenants {
    private FormerTenants() {}

    /**
     * Remembers it, of tenants of whom nothing is remembered in {@code home}.
     *
     * @param lost what the lost machine remembered
     * @param now settings that the recovery has
     * @param told what a person has to look at
     */
    public static void remember(Home home, TenantPlaces lost, Settings now, Consumer<String> told) throws IOException {
        JsonNode was = RecoveredAccess.settings(home).orElseGet(RecoveredConfiguration::object);
        JsonNode tiers =
                new ObjectMapper().readTree(now.toJson()).path(Settings.SECTION).path("Tiers");
        TenantPlaces.of(home)
                .withLost(lost, (tenant, names) -> {
                    List<String> gone = new ArrayList<>();
                    List<String> there = called(names, was.path("Tiers"), tiers, gone);
                    List<String> remembered = new ArrayList<>(there);
                    if (!there.isEmpty()) { // who adds the others to the configuration afterwards may
                        gone.stream().filter(name -> !tiers.has(name)).forEach(remembered::add);
                    }
                    if (!gone.isEmpty() && !was.path("Tenants").has(tenant) && !lost.isFormerName(tenant)) {
                        told.accept(
                                "Studies of tenant " + tenant + ", who is not in the settings any more, were to be in "
                                        + String.join(", ", names) + " alone. Of these the configuration does not have "
                                        + String.join(", ", gone) + ": they may be in "
                                        + (there.isEmpty() ? "every tier" : String.join(", ", there))
                                        + " now, unless Strongroom.Tenants." + tenant + " says otherwise");
                    }
                    return remembered;
                })
                .write();
    }

    private static List<String> called(List<String> names, JsonNode former, JsonNode now, List<String> gone) {
        List<String> there = new ArrayList<>();
        for (String name : names) {
            Optional<String> called = RecoveredPlacing.called(name, former, now);
            called.ifPresentOrElse(there::add, () -> gone.add(name));
        }
        return there.stream().distinct().toList();
    }
}
