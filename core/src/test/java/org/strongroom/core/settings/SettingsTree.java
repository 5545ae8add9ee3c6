package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is generated from the declarations: the JSON Schema, the reference page, and a flat list of names and defaults. */
final class SettingsTree {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SettingsTree() {}

    static String schema() {
        ObjectNode schema = JSON.objectNode()
                .put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "Orthanc's configuration with a Strongroom section")
                .put("type", "object");
        schema.putObject("properties").set(Settings.SECTION, group(Settings.class));
        schema.putArray("required").add(Settings.SECTION);
        return schema.toPrettyString() + "\n";
    }

    /** What it stands for is known when Orthanc starts, and not to an editor. */
    private static final String VARIABLE = "\\$\\{";

    private static ObjectNode group(Class<?> type) {
        ObjectNode group = JSON.objectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = group.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            Setting setting = component.getAnnotation(Setting.class);
            ObjectNode node = value(component.getGenericType(), setting).put("description", setting.text());
            properties.set(SettingNames.of(component), node);
            if (isRequired(component)) {
                required.add(SettingNames.of(component));
            }
        }
        if (!required.isEmpty()) {
            group.set("required", required);
        }
        if (type == RootKeySettings.class || type == TierSettings.class) {
            group.put("minProperties", 1);
        }
        return group;
    }

    private static ObjectNode orVariable(ObjectNode node, String type) {
        node.putArray("type").add(type).add("string");
        return node.put("pattern", VARIABLE);
    }

    private static ObjectNode value(Type type, Setting setting) {
        Class<?> plain = plain(type);
        Scalar scalar = Scalar.of(plain);
        ObjectNode node = JSON.objectNode();
        if (scalar != null) {
            node.put("type", "string").put("pattern", scalar.pattern() + "|" + VARIABLE);
            return setting.byDefault().isEmpty() ? node : node.put("default", setting.byDefault());
        } else if (plain == boolean.class || plain == Boolean.class) {
            return orVariable(node, "boolean").put("default", Boolean.parseBoolean(setting.byDefault()));
        } else if (plain == OptionalInt.class || plain == int.class) {
            orVariable(node, "integer").put("minimum", setting.min());
            return setting.byDefault().isEmpty() ? node : node.put("default", Integer.parseInt(setting.byDefault()));
        } else if (plain == Map.class) {
            node.put("type", "object").put("additionalProperties", false);
            node.putObject("patternProperties")
                    .set(
                            "^" + setting.names() + "$",
                            value(((ParameterizedType) type).getActualTypeArguments()[1], setting));
            return node;
        }
        if (plain == List.class) {
            Type list = ((ParameterizedType) type).getRawType() == Optional.class
                    ? ((ParameterizedType) type).getActualTypeArguments()[0]
                    : type;
            node.put("type", "array")
                    .set("items", value(((ParameterizedType) list).getActualTypeArguments()[0], setting));
            return node;
        }
        return group(plain);
    }

    static String reference() {
        StringBuilder page = new StringBuilder(
                """
                # Settings

                One section, `"Strongroom"`, in Orthanc's configuration. Generated from the code; do not edit. Durations and sizes are
                written with their unit (`"500 ms"`, `"60 s"`, `"5 min"`, `"2 h"`, `"30 days"`; `"8 MiB"`, `"200 GB"`), paths from `/` on.
                An unknown setting is refused, with the known one that was probably meant. Secrets are never written here, only the
                names of files that hold them. `orthanc-config/` has ready fragments and a JSON Schema for editors.

                | setting | type | default | what it does |
                |---|---|---|---|
                """);
        rows(Settings.class, "", (path, component) -> page.append("| `")
                .append(path)
                .append("` | ")
                .append(words(component))
                .append(" | ")
                .append(shownDefault(component))
                .append(" | ")
                .append(component.getAnnotation(Setting.class).text())
                .append(" |\n"));
        return page.toString();
    }

    static String defaults() {
        StringBuilder list = new StringBuilder();
        rows(Settings.class, "", (path, component) -> {
            if (!isGroup(component)) {
                list.append(path).append(" = ").append(shownDefault(component)).append('\n');
            }
        });
        return list.toString();
    }

    /** Every setting that is not a section, by its path. */
    static Map<String, Setting> leaves() {
        Map<String, Setting> leaves = new LinkedHashMap<>();
        rows(Settings.class, "", (path, component) -> {
            if (!isGroup(component)) {
                leaves.put(path, component.getAnnotation(Setting.class));
            }
        });
        return leaves;
    }

    private interface Row {
        void add(String path, RecordComponent component);
    }

    private static void rows(Class<?> type, String prefix, Row row) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + SettingNames.of(component);
            row.add(path, component);
            Class<?> inner = plain(component.getGenericType());
            if (inner == Map.class) {
                rows(plain(arguments(component)[1]), path + ".NAME.", row);
            } else if (inner == List.class && isRecord(component)) {
                rows(plain(arguments(component)[0]), path + "[].", row);
            } else if (inner.isRecord() && Scalar.of(inner) == null) {
                rows(inner, path + ".", row);
            }
        }
    }

    private static boolean isGroup(RecordComponent component) {
        Class<?> type = plain(component.getGenericType());
        return type == Map.class
                || (type == List.class && isRecord(component))
                || (type.isRecord() && Scalar.of(type) == null);
    }

    private static boolean isRequired(RecordComponent component) {
        boolean optional = component.getType() == Optional.class
                || component.getType() == OptionalInt.class
                || component.getType() == List.class;
        String byDefault = component.getAnnotation(Setting.class).byDefault();
        return component.getType() == RootKeySettings.class
                || (!isGroup(component) && !optional && byDefault.isEmpty());
    }

    private static String words(RecordComponent component) {
        Class<?> type = plain(component.getGenericType());
        if (type == List.class) {
            return "list";
        } else if (isGroup(component)) {
            return "section";
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return Scalar.of(type) == null ? "number" : Scalar.of(type).words();
    }

    private static String shownDefault(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (!setting.byDefault().isEmpty()) {
            return "`" + setting.byDefault() + "`";
        } else if (!setting.otherwise().isEmpty()) {
            return setting.otherwise();
        }
        return isRequired(component) ? "**required**" : "";
    }

    private static Type[] arguments(RecordComponent component) {
        return ((ParameterizedType) component.getGenericType()).getActualTypeArguments();
    }

    private static boolean isRecord(RecordComponent component) {
        Class<?> item = plain(arguments(component)[0]);
        return item.isRecord() && Scalar.of(item) == null;
    }

    private static Class<?> plain(Type type) {
        if (type instanceof ParameterizedType generic) {
            boolean optional = generic.getRawType() == Optional.class;
            return optional ? plain(generic.getActualTypeArguments()[0]) : (Class<?>) generic.getRawType();
        }
        return (Class<?>) type;
    }
}
