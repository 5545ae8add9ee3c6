package org.strongroom.plugin.offline.tier;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.home.HomeCopy;

/**
 * The objects of one tier at one moment.
 *
 * @param packs sizes by name
 * @param homeCopies copies of files of Home, of any age
 * @param heads copies of the journal's head, the one with the highest number in its name first
 */
public record TierListing(
        Map<String, Long> packs, List<ObjectLine> bundles, List<ObjectLine> homeCopies, List<ObjectLine> heads) {
    /** format.md §7 */
    private static final Pattern HEAD = Pattern.compile("journal/head-([0-9]{1,18})-[0-9a-f]+");
    /** format.md §5.4 */
    private static final Pattern BUNDLE = Pattern.compile("keys/[0-9]{8}-([0-9]{1,9})-[0-9a-f]+");

    public static TierListing of(TierContents contents, String tier) {
        Map<String, Long> packs = new HashMap<>();
        contents.objects(tier, "packs/", object -> packs.put(object.name(), object.bytes()));
        List<ObjectLine> bundles = new ArrayList<>();
        contents.objects(tier, KeyBundle.PREFIX, bundles::add);
        List<ObjectLine> homeCopies = new ArrayList<>();
        contents.objects(tier, HomeCopy.PREFIX, homeCopies::add);
        return new TierListing(packs, bundles, homeCopies, heads(contents, tier));
    }

    /** Those that are there now, the one with the highest number first. */
    public static List<ObjectLine> heads(TierContents contents, String tier) {
        List<ObjectLine> heads = new ArrayList<>();
        contents.objects(tier, "journal/head-", object -> {
            if (HEAD.matcher(object.name()).matches()) {
                heads.add(object);
            }
        });
        heads.sort(Comparator.comparing(TierListing::sequence).reversed());
        return heads;
    }

    /** Up to which entry a head with this name goes. */
    public static long sequence(ObjectLine head) {
        Matcher name = HEAD.matcher(head.name());
        if (!name.matches()) {
            throw new IllegalArgumentException("not the name of a head");
        }
        return Long.parseLong(name.group(1));
    }

    /** How many study and attachment records a bundle with this name holds; empty if it is no name of ours. */
    public static Optional<Integer> records(String bundle) {
        Matcher name = BUNDLE.matcher(bundle);
        return name.matches() ? Optional.of(Integer.parseInt(name.group(1))) : Optional.empty();
    }
}
