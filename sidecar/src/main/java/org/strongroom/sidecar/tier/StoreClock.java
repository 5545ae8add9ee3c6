package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * The store's clock, as its last answer told it: a lock that this machine's clock dates wrongly may last for decades, and nobody
 * could take it back. Thread-safe.
 */
final class StoreClock implements ExecutionInterceptor, InstantSource {
    private final InstantSource here;
    private volatile Duration ahead = Duration.ZERO;

    /** @param here this machine's clock, which counts on from the store's last answer */
    StoreClock(InstantSource here) {
        this.here = here;
    }

    @Override
    public Instant instant() {
        return here.instant().plus(ahead);
    }

    /** How far it is ahead of this machine's. */
    Duration ahead() {
        return ahead;
    }

    @Override
    public void afterTransmission(Context.AfterTransmission answer, ExecutionAttributes attributes) {
        answer.httpResponse()
                .firstMatchingHeader("Date")
                .flatMap(StoreClock::parse)
                .ifPresent(store -> {
                    ahead = Duration.between(here.instant(), store);
                });
    }

    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
