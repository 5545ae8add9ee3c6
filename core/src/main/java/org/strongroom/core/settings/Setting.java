package org.strongroom.core.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One setting: the record component's name with a capital first letter is its name in JSON, the component's type its
 * type. Optional, map and list components may be left out; so may whatever has a default.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
    /** What it does, for an administrator. */
    String text();

    /** The default as it would be written in JSON (without quotes); empty if there is none. */
    String byDefault() default "";

    /** For an optional component: what happens without it, in words. */
    String otherwise() default "";

    /** Smallest number allowed. */
    int min() default 0;

    /** For a map: what the names in it look like, as a pattern. */
    String names() default Settings.NAME;

    /** Whether a wrong value is kept out of errors, because people may put a secret there by mistake. */
    boolean silent() default false;
}
