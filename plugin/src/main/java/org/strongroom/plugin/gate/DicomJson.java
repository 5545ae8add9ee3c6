package org.strongroom.plugin.gate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values of tags in the DICOM JSON model (PS3.18 F.2). */
final class DicomJson {
    private static final Set<String> NUMBERS = Set.of("DS", "IS", "US");
    private static final List<String> GROUPS = List.of("Alphabetic", "Ideographic", "Phonetic");

    private DicomJson() {}

    /** @param values as Orthanc keeps them: in UTF-8, several with backslashes between them */
    static ObjectNode of(Map<QidoTag, String> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach((tag, text) -> {
            ObjectNode attribute = object.putObject(tag.hex()).put("vr", tag.vr());
            if (!text.isBlank()) {
                ArrayNode all = attribute.putArray("Value");
                String[] several = tag.vr().equals("UR") ? new String[] {text} : text.split("\\\\", -1);
                for (String one : several) {
                    add(all, tag.vr(), one.strip());
                }
            }
        });
        return object;
    }

    private static void add(ArrayNode all, String vr, String text) {
        if (text.isEmpty()) {
            all.addNull();
        } else if (vr.equals("PN")) {
            name(all.addObject(), text);
        } else if (NUMBERS.contains(vr)) {
            number(all, text);
        } else {
            all.add(text);
        }
    }

    private static void name(ObjectNode name, String text) {
        String[] groups = text.split("=", -1);
        for (int i = 0; i < GROUPS.size() && i < groups.length; i++) {
            if (!groups[i].isEmpty()) {
                name.put(GROUPS.get(i), groups[i]);
            }
        }
    }

    /** What is no number stays as it is: a viewer shall see that. */
    private static void number(ArrayNode all, String text) {
        if (text.matches("[+-]?[0-9]{1,15}")) {
            all.add(Long.parseLong(text));
        } else if (text.matches("[+-]?([0-9]{1,16}(\\.[0-9]{0,16})?|\\.[0-9]{1,16})([eE][+-]?[0-9]{1,2})?")) {
            all.add(new BigDecimal(text));
        } else {
            all.add(text);
        }
    }
}
