package org.strongroom.plugin.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.settings.SilentSettings;

/** Which settings are others than before; of those that may hold a secret only that they are. Stateless. */
final class SettingsDifference {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** An event has a few details; more changes are counted. */
    private static final int MOST = 24;

    private SettingsDifference() {}

    static AuditEvent event(String before, String now) {
        Map<String, String> old = settings(before);
        Map<String, String> current = settings(now);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(current.keySet());
        names.removeIf(name -> current.containsKey(name) && current.get(name).equals(old.get(name)));
        AuditEvent event =
                AuditEvent.of(AuditType.SETTINGS).by(AuditEvent.STRONGROOM).with("changes", names.size());
        int number = 0;
        for (String name : names) {
            if (++number > MOST) {
                break;
            }
            String change = SilentSettings.contains(name)
                    ? "changed"
                    : old.getOrDefault(name, "none") + " -> " + current.getOrDefault(name, "none");
            event = event.with("change" + number, name + ": " + change);
        }
        return event;
    }

    private static SortedMap<String, String> settings(String json) {
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
