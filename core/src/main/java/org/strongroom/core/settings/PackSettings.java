package org.strongroom.core.settings;

import java.time.Duration;

/** How images become objects. Immutable. */
public record PackSettings(
        @Setting(
                        text =
                                "A study is packed when nothing of it arrived for this long. Longer than Orthanc's StableAge, so that the metadata that DICOMweb attaches then is in the same pack.",
                        byDefault = "90 s")
                Duration quiet,
        @Setting(text = "A pack grows to about this size; a larger study becomes several.", byDefault = "1 GiB")
                ByteSize maxSize) {}
