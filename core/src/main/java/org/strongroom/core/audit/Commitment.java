package org.strongroom.core.audit;

import java.util.regex.Pattern;

/**
 * Would stand in an entry for a value that may have to be erased. Nothing writes one: entries name studies by their keys' ids, and the
 * keyring says whose these are (format.md §9.4). Immutable.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Commitment(String hex) {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    public Commitment {
        if (!DIGITS.matcher(hex).matches()) {
            throw new IllegalArgumentException("a commitment has 64 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
