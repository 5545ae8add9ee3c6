package org.strongroom.plugin.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.strongroom.plugin.access.Level;

/**
 * A tag that QIDO-RS knows, as {@code qido-tags.txt} has it. Immutable.
 *
 * @param hex eight digits in upper case
 * @param vr value representation
 * @param name as DICOM and Orthanc spell it
 * @param level of what it is an attribute; a study's are the patient's as well
 * @param usual whether every answer of its level has it
 */
record QidoTag(String hex, String vr, String name, Level level, boolean usual) {
    private static final Map<String, QidoTag> BY_HEX = read();

    private static Map<String, QidoTag> read() {
        Map<String, QidoTag> all = new LinkedHashMap<>();
        try (InputStream in = QidoTag.class.getResourceAsStream("qido-tags.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", -1))
                    .forEach(columns -> all.put(
                            columns[0],
                            new QidoTag(
                                    columns[0],
                                    columns[1],
                                    columns[2],
                                    Level.valueOf(columns[3].toUpperCase(Locale.ROOT)),
                                    columns[4].equals("usual"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static List<QidoTag> all() {
        return List.copyOf(BY_HEX.values());
    }

    /** @param text eight hexadecimal digits, or the name; empty if it is neither, or a tag that is not known here */
    static Optional<QidoTag> of(String text) {
        return Optional.ofNullable(BY_HEX.get(text.toUpperCase(Locale.ROOT))).or(() -> BY_HEX.values().stream()
                .filter(tag -> tag.name().equals(text))
                .findFirst());
    }

    /** As Orthanc writes it beside a file's values. */
    String withComma() {
        return (hex.substring(0, 4) + "," + hex.substring(4)).toLowerCase(Locale.ROOT);
    }
}
