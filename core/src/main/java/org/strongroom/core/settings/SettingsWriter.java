package org.strongroom.core.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Writes settings as {@link SettingsReader} reads them: every setting that has a value. */
final class SettingsWriter {
    private SettingsWriter() {}

    static String write(Settings settings) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set(Settings.SECTION, node(settings));
        return root.toPrettyString();
    }

    static JsonNode node(Object value) {
        if (value instanceof Boolean truth) {
            return BooleanNode.valueOf(truth);
        } else if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        } else if (value instanceof List<?> items) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> list.add(node(item)));
            return list;
        } else if (Scalar.of(value.getClass()) != null || !(value instanceof Record || value instanceof Map)) {
            return TextNode.valueOf(Scalar.write(value));
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        if (value instanceof Map<?, ?> entries) {
            entries.forEach((name, entry) -> object.set((String) name, node(entry)));
            return object;
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            present(read(component, value)).ifPresent(found -> object.set(SettingNames.of(component), node(found)));
        }
        return object;
    }

    static Optional<?> present(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional;
        } else if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? Optional.of(optional.getAsInt()) : Optional.empty();
        }
        return Optional.of(value);
    }

    static Object read(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
