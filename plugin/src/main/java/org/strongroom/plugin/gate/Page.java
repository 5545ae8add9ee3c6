package org.strongroom.plugin.gate;

/**
 * A part of a list.
 *
 * @param since how many are left out at the beginning
 * @param limit how many there are at most; 0: all
 */
record Page(long since, long limit) {
    /** @param since decimal digits, or null, as {@code limit} */
    static Page of(String since, String limit) {
        return new Page(number(since), number(limit));
    }

    private static long number(String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw Lists.refused("since and limit are numbers");
        }
        return Long.parseLong(text);
    }

    boolean holds(long place) {
        return place >= since && !isOver(place);
    }

    boolean isOver(long place) {
        return limit > 0 && place - since >= limit;
    }
}
