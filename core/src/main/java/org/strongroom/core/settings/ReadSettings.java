package org.strongroom.core.settings;

import java.time.Duration;
import java.util.OptionalInt;

/** How evicted studies are read. Immutable. */
public record ReadSettings(
        @Setting(
                        text =
                                "A reader waits at most this long for an evicted image, behind others that are larger than 16 MB some times as long; the fetch goes on after that.",
                        byDefault = "60 s")
                Duration deadline,
        @Setting(
                        text = "How many requests may wait for evicted images at a time; others are told to come back.",
                        otherwise = "half of Orthanc's HttpThreadsCount",
                        min = 1)
                OptionalInt coldRequests,
        @Setting(text = "Fetch the rest of the series when one image of it is read.", byDefault = "true")
                boolean readAhead) {
    /** The number of requests that may wait, given Orthanc's number of HTTP threads; at least 1. */
    public int coldRequests(int httpThreads) {
        return coldRequests.orElse(Math.max(1, httpThreads / 2));
    }
}
