package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The small objects of several tiers of one installation as if they were in one: each tier has bundles of the keys that its own packs need, and the journal up
 * to when it was reached last. A name is never used for other bytes, so the first tier that has it gives it. Used by one thread.
 */
public final class JoinedTiers implements SmallObjects {
    private final List<SmallObjects> tiers;
    private final Map<String, Integer> holder = new HashMap<>();

    private JoinedTiers(List<SmallObjects> tiers) {
        this.tiers = List.copyOf(tiers);
    }

    /** @param tiers at least one, in the order in which they are asked; each gives its files a place of its own */
    public static SmallObjects of(List<SmallObjects> tiers) {
        return tiers.size() == 1 ? tiers.get(0) : new JoinedTiers(tiers);
    }

    @Override
    public Map<String, Long> list() throws IOException, InterruptedException {
        Map<String, Long> all = new TreeMap<>();
        for (int i = 0; i < tiers.size(); i++) {
            for (Map.Entry<String, Long> object : tiers.get(i).list().entrySet()) {
                if (all.putIfAbsent(object.getKey(), object.getValue()) == null) {
                    holder.put(object.getKey(), i);
                }
            }
        }
        return all;
    }

    @Override
    public Map<String, Path> get(List<String> names) throws IOException, InterruptedException {
        List<List<String>> parts = new ArrayList<>();
        tiers.forEach(tier -> parts.add(new ArrayList<>()));
        for (String name : names) {
            Integer tier = holder.get(name);
            if (tier == null) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "no tier has this object")
                        .with("object", name);
            }
            parts.get(tier).add(name);
        }
        Map<String, Path> found = new HashMap<>();
        for (int i = 0; i < tiers.size(); i++) {
            if (!parts.get(i).isEmpty()) {
                found.putAll(tiers.get(i).get(parts.get(i)));
            }
        }
        Map<String, Path> inOrder = new LinkedHashMap<>();
        names.forEach(name -> inOrder.put(name, found.get(name)));
        return inOrder;
    }
}
