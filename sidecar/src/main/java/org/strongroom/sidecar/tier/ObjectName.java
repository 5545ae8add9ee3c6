package org.strongroom.sidecar.tier;

import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What {@link Tier} allows as a name: the same on every store, and never a way out of a directory. */
final class ObjectName {
    private static final int MAX_LENGTH = 255;
    private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(SEGMENT + "(/" + SEGMENT + ")*");
    private static final Pattern PREFIX = Pattern.compile("(" + SEGMENT + "/)*(" + SEGMENT + ")?");

    private ObjectName() {}

    static String check(String name) {
        return check(name, NAME, "this is not an object's name");
    }

    /** The beginning of a name, perhaps empty. */
    static String checkPrefix(String prefix) {
        return check(prefix, PREFIX, "no object's name begins like this");
    }

    private static String check(String name, Pattern allowed, String text) {
        if (name.length() > MAX_LENGTH || !allowed.matcher(name).matches()) {
            throw StrongroomException.of(FailureKind.BUG, text).with("name", name);
        }
        return name;
    }
}
