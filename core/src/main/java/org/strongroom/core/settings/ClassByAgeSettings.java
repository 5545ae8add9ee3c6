package org.strongroom.core.settings;

import java.time.Duration;

/** A storage class that is read at once and costs less, and when packs go there. Immutable. */
public record ClassByAgeSettings(
        @Setting(
                        text =
                                "The class, as the store names it: for example STANDARD_IA or GLACIER_IR in S3, Cool or Cold in"
                                        + " Azure.")
                String storageClass,
        @Setting(text = "A pack goes there when its study was neither stored nor opened for so long.")
                Duration after) {}
