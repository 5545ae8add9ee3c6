package org.strongroom.sidecar.tier;

import java.util.regex.Pattern;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What {@link Tier} allows as a name: the same on every store, and never a way out of a directory. */
public final class ObjectName {
    private static final int MAX_LENGTH = 255;
    private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final Pattern NAME = Pattern.compile(SEGMENT + "(/" + SEGMENT + ")*");
    private static final Pattern PREFIX = Pattern.compile("(" + SEGMENT + "/)*(" + SEGMENT + ")?");

    private ObjectName() {}

    /** Whether every tier could hold an object of this name. */
    public static boolean isName(String name) {
        return fits(name, NAME);
    }

    /** Whether an object's name may begin like this; the empty text is the beginning of all. */
    public static boolean isPrefix(String prefix) {
        return fits(prefix, PREFIX);
    }

    static String check(String name) {
        return check(name, NAME, "this is not an object's name");
    }

    /** The beginning of a name, perhaps empty. */
    static String checkPrefix(String prefix) {
        return check(prefix, PREFIX, "no object's name begins like this");
    }

    private static boolean fits(String name, Pattern allowed) {
        return name.length() <= MAX_LENGTH && allowed.matcher(name).matches();
    }

    private static String check(String name, Pattern allowed, String text) {
        if (!fits(name, allowed)) {
            throw StrongroomException.of(FailureKind.BUG, text).with("name", name);
        }
        return name;
    }
}
