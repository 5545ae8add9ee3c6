package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Table;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.TenantPlaces;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.plugin.offline.place.Place;

/** Where the tiers are, where the tenants' data may be, and what lies in a tier outside all the same. Needs no keys. */
final class ResidencyProof {
    private static final List<String> DATA =
            List.of("packs/", "heads/", KeyBundle.PREFIX, "journal/", HomeCopy.PREFIX, "audit/", SnapshotLabel.PREFIX);

    private ResidencyProof() {}

    /**
     * One tier.
     *
     * @param jurisdiction null if the settings do not say
     * @param permitted whether every tenant's data may be there
     * @param objects of tenants' data: packs and their heads, key bundles, copies of the journal, of files of Home, and of the audit log, snapshots; null if the tier could not be asked
     * @param notAsked why; null if it was asked
     */
    record Line(String tier, String provider, String jurisdiction, boolean permitted, Long objects, String notAsked) {
        boolean kept() {
            return permitted || (objects != null && objects == 0);
        }
    }

    /**
     * Tells, and returns {@link Console#DONE} if nothing is outside, and every tier outside could be asked.
     *
     * @throws StrongroomException REFUSED if studies of a former tenant would go where they may not be
     */
    static int tell(Console console, Place place, ControlClient sidecar) throws IOException {
        Settings settings = place.settings();
        TenantPlaces places = TenantPlaces.of(place.home());
        places.require(settings);
        Map<String, List<String>> former = places.formerJurisdictions(settings);
        List<Line> lines = new ArrayList<>();
        settings.tiers().forEach((name, tier) -> lines.add(line(name, tier, settings.isPermitted(name), sidecar)));
        boolean kept = lines.stream().allMatch(Line::kept);
        Map<String, Object> told = new LinkedHashMap<>();
        Map<String, List<String>> tenants = new LinkedHashMap<>();
        settings.tenants().forEach((name, tenant) -> tenants.put(name, tenant.jurisdictions()));
        Map<String, List<String>> placed = new LinkedHashMap<>();
        settings.tenants().forEach((name, tenant) -> tenant.tiers().ifPresent(itsTiers -> placed.put(name, itsTiers)));
        told.put("tenants", tenants);
        told.put("placed", placed);
        told.put("former", former);
        told.put("tiers", lines);
        told.put("kept", kept);
        console.object(told);
        tenants.forEach((name, allowed) -> console.line("Tenant " + name + ": "
                + (allowed.isEmpty() ? "anywhere" : "only in " + String.join(", ", allowed))
                + (placed.containsKey(name) ? "; its studies in " + String.join(", ", placed.get(name)) : "")));
        former.forEach((name, allowed) -> console.line(
                "Tenant " + name + ", not in the settings any more: only in " + String.join(", ", allowed)));
        Table table = new Table("TIER", "PROVIDER", "JURISDICTION", "PERMITTED", "OBJECTS", "NOT ASKED");
        for (Line line : lines) {
            table.row(
                    line.tier(),
                    line.provider() == null ? "unknown" : line.provider(),
                    line.jurisdiction() == null ? "unknown" : line.jurisdiction(),
                    line.permitted() ? "yes" : "NO",
                    line.objects() == null ? "" : String.valueOf(line.objects()),
                    line.notAsked() == null ? "" : line.notAsked());
        }
        table.lines().forEach(console::line);
        console.line(
                kept
                        ? "Nothing is outside, if each tier is where the settings say. Not looked at: what a bucket keeps of"
                                + " deleted objects, and where the audit log is forwarded to."
                        : "Data is outside, or could not be shown not to be.");
        return kept ? Console.DONE : Console.NOT_DONE;
    }

    private static Line line(String name, TierSettings tier, boolean permitted, ControlClient sidecar) {
        long[] objects = {0};
        String notAsked = null;
        try {
            DATA.forEach(prefix -> sidecar.tierObjects(name, prefix, object -> objects[0]++));
        } catch (StrongroomException e) {
            notAsked = e.text();
        }
        return new Line(
                name,
                tier.provider().orElse(null),
                tier.jurisdiction().orElse(null),
                permitted,
                notAsked == null ? objects[0] : null,
                notAsked);
    }
}
