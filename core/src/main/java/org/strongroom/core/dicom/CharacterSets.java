package org.strongroom.core.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads text in the character set that its file names (PS3.3 C.12.1.1.2). */
final class CharacterSets {
    private static final byte ESCAPE = 0x1B;

    /** Without "ISO_IR " or "ISO 2022 IR " before them. */
    private static final Map<String, String> BY_TERM = Map.ofEntries(
            Map.entry("6", "US-ASCII"),
            Map.entry("13", "Shift_JIS"), // of which JIS X 0201 is the part with one byte
            Map.entry("100", "ISO-8859-1"),
            Map.entry("101", "ISO-8859-2"),
            Map.entry("109", "ISO-8859-3"),
            Map.entry("110", "ISO-8859-4"),
            Map.entry("126", "ISO-8859-7"),
            Map.entry("127", "ISO-8859-6"),
            Map.entry("138", "ISO-8859-8"),
            Map.entry("144", "ISO-8859-5"),
            Map.entry("148", "ISO-8859-9"),
            Map.entry("166", "TIS-620"),
            Map.entry("192", "UTF-8"),
            Map.entry("203", "ISO-8859-15"),
            Map.entry("GB18030", "GB18030"),
            Map.entry("GBK", "GBK"));

    private CharacterSets() {}

    /**
     * The text; empty if it switches to other sets by escape sequences, of which none is followed here.
     *
     * @param named SpecificCharacterSet as in the file; where it names none that is known, Latin-1, as Orthanc takes it by default
     */
    static String decode(byte[] text, String named) {
        for (byte one : text) {
            if (one == ESCAPE) {
                return "";
            }
        }
        return new String(text, of(named));
    }

    private static Charset of(String named) {
        String first = named.split("\\\\", -1)[0].strip();
        String name = BY_TERM.getOrDefault(first.replaceFirst("^ISO(_IR| 2022 IR) ", ""), "ISO-8859-1");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.ISO_8859_1;
    }
}
