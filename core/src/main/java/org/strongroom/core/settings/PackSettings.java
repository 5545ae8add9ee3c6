package org.strongroom.core.settings;

import java.time.Duration;

/** How images become objects. Immutable. */
public record PackSettings(
        @Setting(text = "A study is packed when no image of it arrived for this long.", byDefault = "60 s")
                Duration quiet,
        @Setting(text = "A pack grows to about this size; a larger study becomes several.", byDefault = "1 GiB")
                ByteSize maxSize) {}
