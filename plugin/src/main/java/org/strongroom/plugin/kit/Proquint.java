package org.strongroom.plugin.kit;

import java.util.Locale;
import java.util.Optional;

/**
 * Sixteen bits as a word of five letters that can be read aloud in most languages: consonant, vowel, consonant, vowel, consonant
 * (format.md §8.1; Wilkerson, "A proposal for proquints", 2009). Stateless.
 */
final class Proquint {
    /** Letters of a word. */
    static final int LETTERS = 5;

    private static final String CONSONANTS = "bdfghjklmnprstvz";
    private static final String VOWELS = "aiou";

    private Proquint() {}

    /** @param value 0 to 65535 */
    static String of(int value) {
        return "" + CONSONANTS.charAt(value >> 12 & 15) + VOWELS.charAt(value >> 10 & 3)
                + CONSONANTS.charAt(value >> 6 & 15) + VOWELS.charAt(value >> 4 & 3) + CONSONANTS.charAt(value & 15);
    }

    /** What {@link #of} made into {@code word}, in capitals or not; empty if it is no such word. */
    static Optional<Integer> parse(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (lower.length() != LETTERS) {
            return Optional.empty();
        }
        int value = 0;
        for (int i = 0; i < LETTERS; i++) {
            boolean consonant = i % 2 == 0;
            int letter = (consonant ? CONSONANTS : VOWELS).indexOf(lower.charAt(i));
            if (letter < 0) {
                return Optional.empty();
            }
            value = value << (consonant ? 4 : 2) | letter;
        }
        return Optional.of(value);
    }
}
