package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.strongroom.core.error.StrongroomException;

/** Makes settings records of JSON and collects every problem on the way. A record with a problem is null. */
final class SettingsReader {
    private static final String SMALLEST = "add {\"Home\": \"/var/lib/strongroom\", \"RootKey\": {\"PassphraseFile\":"
            + " \"/etc/strongroom/passphrase\"}}";

    private final Problems problems;

    SettingsReader(Problems problems) {
        this.problems = problems;
    }

    Settings section(JsonNode node) {
        if (node == null) {
            problems.add(Settings.SECTION, "missing: " + SMALLEST);
            return null;
        }
        return (Settings) group(Settings.class, node, Settings.SECTION, false);
    }

    OrthancSettings orthanc(JsonNode root) {
        return (OrthancSettings) group(OrthancSettings.class, root, "", true);
    }

    /** Users by name; those with problems are left out. */
    Map<String, UserSettings> users(ObjectNode file) {
        Map<String, UserSettings> users = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : file.properties()) {
            if (group(UserSettings.class, entry.getValue(), entry.getKey(), false) instanceof UserSettings user) {
                users.put(entry.getKey(), user);
            }
        }
        return users;
    }

    private Object group(Class<?> type, JsonNode node, String path, boolean open) {
        if (!(node instanceof ObjectNode object)) {
            problems.add(path, "must be an object: write { … }");
            return null;
        }
        RecordComponent[] components = type.getRecordComponents();
        if (!open) {
            refuseUnknown(components, object, path);
        }
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = component(components[i], object, path);
            complete &= values[i] != null;
        }
        return complete ? construct(type, types, values, path) : null;
    }

    private Object construct(Class<?> type, Class<?>[] types, Object[] values, String path) {
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof StrongroomException refused) {
                problems.addAll(path, refused);
                return null;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void refuseUnknown(RecordComponent[] components, ObjectNode object, String path) {
        List<String> known = new ArrayList<>();
        for (RecordComponent component : components) {
            known.add(SettingNames.of(component));
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String meant = SettingNames.nearest(name, known);
                problems.add(
                        join(path, name),
                        "unknown setting: "
                                + (meant == null
                                        ? "remove it (known here: " + String.join(", ", known) + ")"
                                        : "did you mean \"" + meant + "\"?"));
            }
        });
    }

    private Object component(RecordComponent component, ObjectNode object, String path) {
        Setting setting = component.getAnnotation(Setting.class);
        String name = SettingNames.of(component);
        JsonNode given = object.get(name);
        if (given != null) {
            return value(component.getGenericType(), given, join(path, name), setting);
        }
        if (!setting.byDefault().isEmpty()) {
            return value(component.getGenericType(), new TextNode(setting.byDefault()), join(path, name), setting);
        }
        Class<?> type = component.getType();
        if (type == Optional.class) {
            return Optional.empty();
        } else if (type == OptionalInt.class) {
            return OptionalInt.empty();
        } else if (type == Map.class) {
            return Map.of();
        } else if (type == List.class) {
            return List.of();
        } else if (type.isRecord() && Scalar.of(type) == null) {
            return group(type, object.objectNode(), join(path, name), false);
        }
        problems.add(join(path, name), "missing: add it (" + setting.text() + ")");
        return null;
    }

    private Object value(Type type, JsonNode node, String path, Setting setting) {
        if (type instanceof ParameterizedType generic) {
            return generic(generic, node, path, setting);
        }
        Class<?> plain = (Class<?>) type;
        Scalar scalar = Scalar.of(plain);
        if (scalar != null) {
            return scalar(scalar, node, path, setting);
        } else if (plain == boolean.class || plain == Boolean.class) {
            return truth(node, path, setting);
        } else if (plain == int.class) {
            return number(node, path, setting);
        } else if (plain == OptionalInt.class) {
            Integer number = number(node, path, setting);
            return number == null ? null : OptionalInt.of(number);
        }
        return group(plain, node, path, false);
    }

    private Object generic(ParameterizedType type, JsonNode node, String path, Setting setting) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Optional.class) {
            Object value = value(arguments[0], node, path, setting);
            return value == null ? null : Optional.of(value);
        } else if (type.getRawType() == List.class) {
            return list(arguments[0], node, path, setting);
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        if (!(node instanceof ObjectNode object)) {
            problems.add(path, "must be an object: write { … }");
            return null;
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            Object value = value(arguments[1], entry.getValue(), join(path, entry.getKey()), setting);
            entries.put(entry.getKey(), value);
        }
        return entries.containsValue(null) ? null : entries;
    }

    /** Null if it, or one of its items, is wrong. */
    private List<Object> list(Type type, JsonNode node, String path, Setting setting) {
        if (!node.isArray()) {
            problems.add(path, shown(node, setting) + "must be a list: write [ … ]");
            return null;
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            items.add(value(type, node.get(i), path + "[" + i + "]", setting));
        }
        return items.contains(null) ? null : items;
    }

    private Object scalar(Scalar scalar, JsonNode node, String path, Setting setting) {
        if (!node.isTextual()) {
            problems.add(
                    path,
                    shown(node, setting) + "is no " + scalar.words() + ": write it like \"" + scalar.example() + "\"");
            return null;
        }
        try {
            return scalar.parser().apply(node.textValue());
        } catch (IllegalArgumentException e) {
            problems.add(path, shown(node, setting) + "is no " + scalar.words() + ": " + e.getMessage());
            return null;
        }
    }

    /** Also takes the words in quotes, which is how a variable's value arrives. */
    private Boolean truth(JsonNode node, String path, Setting setting) {
        String text = node.asText();
        if (!text.equals("true") && !text.equals("false")) {
            problems.add(path, shown(node, setting) + "must be true or false: write one of them, without quotes");
            return null;
        }
        return Boolean.valueOf(text);
    }

    private Integer number(JsonNode node, String path, Setting setting) {
        String text = node.asText();
        if (text.matches("[0-9]{1,9}") && !node.isDouble() && Integer.parseInt(text) >= setting.min()) {
            return Integer.valueOf(text);
        }
        problems.add(path, shown(node, setting) + "is not allowed: write a whole number from " + setting.min() + " on");
        return null;
    }

    /** The value, unless it may hold a secret: a setting that people mistake for one, an address with a password. */
    private static String shown(JsonNode node, Setting setting) {
        boolean hidden =
                setting.silent() || node.isContainerNode() || node.asText().contains("@");
        return hidden ? "" : node + " ";
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
