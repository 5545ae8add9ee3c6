package org.strongroom.core.settings;

import java.util.Locale;
import org.strongroom.core.dicom.OriginTags;

/**
 * A DICOM tag's value that tells whose an image is: {@code "InstitutionName=North Hospital"}. A star at the end stands for
 * anything; upper and lower case are the same.
 *
 * @param tag one of {@link OriginTags#keywords}
 * @param value not blank
 */
public record TagMatch(String tag, String value) {
    static final String PATTERN = "^[A-Z][A-Za-z0-9]+=\\S";

    public TagMatch {
        if (!(tag + "=" + value).matches("(?s)" + PATTERN + ".*")) {
            throw new IllegalArgumentException("write the tag's name, =, and its value: \"InstitutionName=North*\"");
        }
        if (!OriginTags.keywords().contains(tag)) {
            throw new IllegalArgumentException("no tag that tells where an image comes from: write one of "
                    + String.join(", ", OriginTags.keywords()));
        }
    }

    /**
     * Reads a tag's name and its value.
     *
     * @throws IllegalArgumentException with how to write it
     */
    public static TagMatch parse(String text) {
        int equals = text.indexOf('=');
        return new TagMatch(
                text.substring(0, Math.max(0, equals)),
                text.substring(equals + 1).strip());
    }

    /** Whether an image with {@code found} as the tag's value is meant. */
    public boolean matches(String found) {
        String here = value.toLowerCase(Locale.ROOT);
        String there = found.strip().toLowerCase(Locale.ROOT);
        if (there.isEmpty()) {
            return false; // what an image does not say tells nothing
        }
        return here.endsWith("*") ? there.startsWith(here.substring(0, here.length() - 1)) : there.equals(here);
    }

    @Override
    public String toString() {
        return tag + "=" + value;
    }
}
