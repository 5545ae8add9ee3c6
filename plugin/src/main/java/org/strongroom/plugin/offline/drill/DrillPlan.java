package org.strongroom.plugin.offline.drill;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.plugin.offline.tier.TierContents;

/**
 * What a trial recovery would read of a tier, at most, without anything being read: names and sizes only.
 *
 * @param small bytes of keys and journal
 * @param smallObjects of them
 * @param snapshots bytes of all snapshots: the newest one is a part of them
 * @param chunks objects of them
 * @param images that would be opened
 * @param sample bytes of those, as the average is
 */
record DrillPlan(String tier, long small, long smallObjects, long snapshots, long chunks, long images, long sample) {
    static DrillPlan of(TierContents contents, String tier, Drill.Extent extent) {
        long[] small = new long[2];
        for (String prefix : new String[] {HomeCopy.PREFIX, KeyBundle.PREFIX, "journal/"}) {
            count(contents, tier, prefix, small);
        }
        long[] snapshots = new long[2];
        count(contents, tier, SnapshotLabel.PREFIX, snapshots);
        Set<UUID> studies = new HashSet<>();
        long[] packs = new long[2];
        contents.packs(pack -> add(pack, tier, studies, packs));
        long images = Math.min(packs[0], extent.images() + (long) studies.size());
        long sample = packs[0] == 0 ? 0 : Math.min(extent.bytes(), packs[1] / packs[0] * images);
        return new DrillPlan(tier, small[0], small[1], snapshots[0], snapshots[1], images, sample);
    }

    private static void count(TierContents contents, String tier, String prefix, long[] sum) {
        contents.objects(tier, prefix, object -> {
            sum[0] += object.bytes();
            sum[1]++;
        });
    }

    private static void add(PackLine pack, String tier, Set<UUID> studies, long[] packs) {
        if (pack.tiers().contains(tier)) {
            studies.add(pack.key());
            packs[0] += pack.members();
            packs[1] += pack.bytes();
        }
    }

    void tell(Console console) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dryRun", true);
        json.put("plan", this);
        console.object(json);
        console.line("Would be read of tier " + tier + ", at most:");
        console.line("Keys and journal  " + Amounts.bytes(small) + " in " + Amounts.count(smallObjects, "object"));
        console.line("Newest snapshot   " + Amounts.bytes(snapshots) + " in " + Amounts.count(chunks, "object")
                + " (so much are all that the tier keeps)");
        console.line("Images            about " + Amounts.bytes(sample) + " of " + Amounts.count(images, "image")
                + ", five requests for each");
        console.line("Nothing was read, and nothing would be written or sent.");
    }
}
