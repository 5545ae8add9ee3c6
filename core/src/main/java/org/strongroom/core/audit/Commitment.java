package org.strongroom.core.audit;

import java.util.regex.Pattern;

/**
 * Stands in an entry for a value that may have to be erased (format.md §9.4): HMAC-SHA-256 under a random key that is kept elsewhere and
 * can be destroyed. The same value of the same patient has always the same commitment. Immutable.
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
