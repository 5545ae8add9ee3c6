package org.strongroom.plugin.web;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The bytes that a text may have been in a DICOM file, whose character set nobody remembers. */
final class OriginalBytes {
    /** Those of PS3.3 C.12.1.1.2 that need no escape sequences, the commonest first. */
    private static final List<Charset> CHARSETS = Stream.of(
                    "UTF-8",
                    "ISO-8859-1",
                    "ISO-8859-15",
                    "ISO-8859-2",
                    "ISO-8859-5",
                    "ISO-8859-7",
                    "ISO-8859-9",
                    "ISO-8859-3",
                    "ISO-8859-4",
                    "ISO-8859-6",
                    "ISO-8859-8",
                    "TIS-620",
                    "JIS_X0201",
                    "Shift_JIS",
                    "GB18030",
                    "GBK",
                    "EUC-KR")
            .filter(Charset::isSupported) // a small Java has not all of them
            .map(Charset::forName)
            .toList();

    private OriginalBytes() {}

    /** Every encoding of {@code text} that loses nothing, each once; a text in ASCII has one. */
    static List<byte[]> of(String text) {
        List<byte[]> all = new ArrayList<>();
        for (Charset charset : CHARSETS) {
            byte[] encoded = text.getBytes(charset);
            boolean known = all.stream().anyMatch(other -> Arrays.equals(other, encoded));
            if (!known && charset.newEncoder().canEncode(text)) {
                all.add(encoded);
            }
        }
        return all;
    }
}
