package org.strongroom.plugin.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.RecordedSettings;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.SilentSettings;

/** Which settings are others than before; of those that may hold a secret only that they are. Stateless. */
public final class SettingsDifference {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** An event has a few details: what does not fit is in another one. */
    static final int MOST = 24;
    /** Of a longer change only what differs is shown: the rest would hide it. */
    private static final int LONGEST = 300;

    private static final int CONTEXT = 40;
    /** Instead of the value of a setting that is not there. */
    private static final String NONE = "none";

    private SettingsDifference() {}

    /**
     * Events of all changes, by Strongroom; none if all are the same.
     *
     * @param before settings as {@link RecordedSettings} has them, or a part of them
     * @param now the same part
     */
    public static List<AuditEvent> events(String before, String now) {
        Map<String, String> old = settings(before);
        Map<String, String> current = settings(now);
        for (String section : List.of(RecordedSettings.ORTHANC + ".", RecordedSettings.USERS_FILE + ".")) {
            if (old.keySet().stream().noneMatch(name -> name.startsWith(section))) {
                current.keySet().removeIf(name -> name.startsWith(section)); // an older version did not record it
            }
        }
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(current.keySet());
        names.removeIf(name -> current.containsKey(name) && current.get(name).equals(old.get(name)));
        List<String> changes = new ArrayList<>();
        for (String name : names) {
            String then = old.getOrDefault(name, NONE);
            String since = current.getOrDefault(name, NONE);
            if (isSilent(name)) {
                changes.add(name + ": changed");
            } else if (then.startsWith("[") && since.startsWith("[") && isLong(then, since)) {
                changes.addAll(ofList(name, then, since));
            } else {
                changes.add(name + ": " + change(then, since));
            }
        }
        return events(changes);
    }

    private static List<AuditEvent> events(List<String> changes) {
        List<AuditEvent> events = new ArrayList<>();
        for (int first = 0; first < changes.size(); first += MOST) {
            AuditEvent event =
                    AuditEvent.of(AuditType.SETTINGS).by(AuditEvent.STRONGROOM).with("changes", changes.size());
            event = changes.size() > MOST ? event.with("part", first / MOST + 1) : event;
            List<String> part = changes.subList(first, Math.min(first + MOST, changes.size()));
            for (int i = 0; i < part.size(); i++) {
                event = event.with("change" + (i + 1), part.get(i));
            }
            events.add(event);
        }
        return events;
    }

    /** Each element of a long list that is gone, and each that has come; else what is at another place. */
    private static List<String> ofList(String name, String then, String since) {
        List<String> gone = elements(then);
        List<String> come = new ArrayList<>();
        for (String element : elements(since)) {
            if (!gone.remove(element)) {
                come.add(element);
            }
        }
        List<String> changes = new ArrayList<>();
        gone.forEach(element -> changes.add(name + "[]: " + change(element, NONE)));
        come.forEach(element -> changes.add(name + "[]: " + change(NONE, element)));
        return changes.isEmpty() ? List.of(name + ": " + change(then, since)) : changes;
    }

    private static List<String> elements(String array) {
        List<String> elements = new ArrayList<>();
        try {
            JSON.readTree(array).forEach(element -> elements.add(element.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // it was written a moment ago
        }
        return elements;
    }

    /** What is silent of a user of the section is so of one of the file. */
    private static boolean isSilent(String name) {
        String file = RecordedSettings.USERS_FILE + ".";
        return SilentSettings.contains(
                name.startsWith(file) ? Settings.SECTION + ".Access." + name.substring(file.length()) : name);
    }

    private static boolean isLong(String old, String now) {
        return old.length() + now.length() > LONGEST;
    }

    private static String change(String old, String now) {
        if (!isLong(old, now)) {
            return old + " -> " + now;
        }
        int same = 0;
        int shorter = Math.min(old.length(), now.length());
        while (same < shorter && old.charAt(same) == now.charAt(same)) {
            same++;
        }
        int tail = 0;
        while (tail < shorter - same && old.charAt(old.length() - 1 - tail) == now.charAt(now.length() - 1 - tail)) {
            tail++;
        }
        return part(old, same, tail) + " -> " + part(now, same, tail);
    }

    private static String part(String text, int same, int tail) {
        int from = Math.max(0, same - CONTEXT);
        int to = Math.min(text.length(), text.length() - tail + CONTEXT);
        String shown = text.substring(from, Math.min(to, from + LONGEST / 2));
        return (from > 0 ? "…" : "") + shown + (from + shown.length() < text.length() ? "…" : "");
    }

    private static Map<String, String> settings(String json) {
        SortedMap<String, String> settings = new TreeMap<>();
        try {
            flatten(JSON.readTree(json), "", settings);
        } catch (JsonProcessingException e) {
            settings.put("run/settings.json", "unreadable");
        }
        return settings;
    }

    private static void flatten(JsonNode node, String path, Map<String, String> settings) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                flatten(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), settings);
            }
        } else {
            settings.put(path, node.toString());
        }
    }
}
