package org.strongroom.core.settings;

import java.time.Duration;

/** What happens after Orthanc deleted something. Immutable. */
public record ForgetSettings(
        @Setting(text = "For this long a deleted image can be brought back (undelete).", byDefault = "30 days")
                Duration grace,
        @Setting(
                        text =
                                "At most this many images, and what is attached to their series, are deleted for good in any 24 hours, and damaged copies of as many are replaced; more raises an alarm.",
                        byDefault = "1000")
                int dailyLimit) {}
