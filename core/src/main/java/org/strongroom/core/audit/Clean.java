package org.strongroom.core.audit;

/** Text from outside, fit for an entry: bounded, printable, and the same after a way through UTF-8. */
final class Clean {
    /** UTF-16 units; each is at most three bytes of JSON, so that an entry with all it may hold fits. */
    static final int LONGEST = 400;

    private static final char UNPRINTABLE = '\ufffd';

    private Clean() {}

    /**
     * {@code text} without control characters, half surrogates, code points that are no characters (XML refuses them) and marks that turn
     * the direction of what is behind them (a name would be read as another one), cut off with an ellipsis if it is too long.
     */
    static String text(String text) {
        StringBuilder clean = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            int shown = isPrintable(point) ? point : UNPRINTABLE;
            int left = LONGEST - clean.length() - Character.charCount(shown);
            if (left < 0 || (left == 0 && at < text.length())) {
                return clean.append('…').toString();
            }
            clean.appendCodePoint(shown);
        }
        return clean.toString();
    }

    private static boolean isPrintable(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && !isNoCharacter(point)
                && !isTurning(point);
    }

    private static boolean isNoCharacter(int point) {
        return (point & 0xfffe) == 0xfffe || (point >= 0xfdd0 && point <= 0xfdef);
    }

    private static boolean isTurning(int point) {
        return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    }
}
