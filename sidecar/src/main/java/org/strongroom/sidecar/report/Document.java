package org.strongroom.sidecar.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A report: facts, and tables. Names are those of its JSON; people read them as words. Immutable.
 *
 * @param name which report
 * @param facts in the order in which they are told
 */
public record Document(String name, String title, Map<String, String> facts, List<Section> sections) {
    /**
     * A table.
     *
     * @param note what a reader has to know about it
     * @param rows each with a text for every column
     */
    public record Section(String name, String title, String note, List<String> columns, List<List<String>> rows) {
        public Section {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("a row of " + row.size() + " texts");
                }
            }
        }
    }

    public Document {
        facts = new LinkedHashMap<>(facts);
        sections = List.copyOf(sections);
    }

    @Override
    public Map<String, String> facts() {
        return new LinkedHashMap<>(facts);
    }

    /** {@code report}, the facts, and each table as a list of objects. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("report", name);
        json.putAll(facts);
        for (Section section : sections) {
            List<Map<String, String>> rows = new ArrayList<>();
            for (List<String> row : section.rows()) {
                Map<String, String> cells = new LinkedHashMap<>();
                for (int i = 0; i < row.size(); i++) {
                    cells.put(section.columns().get(i), row.get(i));
                }
                rows.add(cells);
            }
            json.put(section.name(), rows);
        }
        return json;
    }

    /** For a terminal. */
    public List<String> text() {
        List<String> lines = new ArrayList<>(List.of(title));
        facts.forEach((fact, value) -> lines.add("  " + words(fact) + ": " + value));
        for (Section section : sections) {
            lines.add("");
            lines.add(section.title() + (section.rows().isEmpty() ? ": none" : ""));
            if (!section.note().isEmpty()) {
                lines.add("  (" + section.note() + ")");
            }
            for (List<String> row : section.rows()) {
                lines.add("  " + String.join("  ", row).strip());
            }
        }
        return lines;
    }

    /** {@code firstSeen}: First seen. */
    static String words(String name) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (Character.isUpperCase(letter)) {
                words.append(' ');
            }
            words.append(Character.toLowerCase(letter));
        }
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
