package org.strongroom.plugin.recover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strongroom.core.home.HomeCopy;

/**
 * What the names of a tier's objects tell of a lost Home (format.md §5.4, §7). Immutable.
 *
 * @param all names, in order
 * @param bundles by segment, the one with the most records first
 * @param journal of each segment the longest copy, and the newest heads
 */
record TierNames(List<String> all, Map<Integer, List<String>> bundles, List<String> journal) {
    private static final Pattern BUNDLE = Pattern.compile("keys/([0-9]{8})-([0-9]{1,9})-[0-9a-f]+");
    private static final Pattern SEGMENT = Pattern.compile("journal/([0-9]{8})-([0-9]{1,9})-[0-9a-f]+");
    private static final Pattern HEAD = Pattern.compile("journal/head-([0-9]{1,18})-[0-9a-f]+");
    /** 256 records, or a journal segment; a larger object is none of ours. */
    private static final long LARGEST = 16 << 20;
    /** A damaged head has others below it. */
    private static final int HEADS = 5;

    static TierNames of(Map<String, Long> objects) {
        List<String> all = objects.entrySet().stream()
                .filter(object -> object.getValue() <= LARGEST)
                .map(Map.Entry::getKey)
                .toList();
        Map<Integer, List<String>> bundles = new TreeMap<>();
        byNumber(all, BUNDLE).forEach((segment, names) -> bundles.put((int) (long) segment, names));
        List<String> journal = new ArrayList<>();
        byNumber(all, SEGMENT).values().forEach(copies -> journal.add(copies.get(0)));
        List<List<String>> heads = new ArrayList<>(byNumber(all, HEAD).values());
        for (int i = heads.size() - 1; i >= Math.max(0, heads.size() - HEADS); i--) {
            journal.addAll(heads.get(i));
        }
        return new TierNames(all, bundles, journal);
    }

    /** Names that fit, by their first number, ordered by the second one, the largest first. */
    private static TreeMap<Long, List<String>> byNumber(List<String> names, Pattern pattern) {
        TreeMap<Long, List<String>> found = new TreeMap<>();
        for (String name : names) {
            number(name, pattern, 1).ifPresent(number -> found.computeIfAbsent(number, any -> new ArrayList<>())
                    .add(name));
        }
        Comparator<String> bySecond =
                Comparator.comparing(name -> number(name, pattern, 2).orElse(0L));
        found.values().forEach(list -> list.sort(bySecond.reversed()));
        return found;
    }

    private static Optional<Long> number(String name, Pattern pattern, int group) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() && group <= matcher.groupCount()
                ? Optional.of(Long.parseLong(matcher.group(group)))
                : Optional.empty();
    }

    /** Copies of a file of Home, of any age. */
    List<String> copies(HomeCopy copy) {
        return all.stream().filter(copy::names).toList();
    }

    /** Whether two bundles have as many records as each other. */
    static boolean areAsLarge(String one, String other) {
        return number(one, BUNDLE, 2).equals(number(other, BUNDLE, 2));
    }

    /** The number of the journal's segment that an object is a copy of; empty if it is none. */
    static Optional<Integer> journalSegment(String name) {
        return number(name, SEGMENT, 1).map(Long::intValue);
    }
}
