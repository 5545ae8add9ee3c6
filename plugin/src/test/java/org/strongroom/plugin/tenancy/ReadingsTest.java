package org.strongroom.plugin.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadingsTest {
    private static final UUID ONE = UUID.randomUUID();

    private final Readings readings = new Readings();

    @Test
    void oneOfItsNamesIsTheSameReading() {
        readings.expect(ONE, Set.of("a", "b"));
        readings.stored(ONE, "b");
        assertThat(readings.differing()).isEmpty();
    }

    @Test
    void anotherNameOrAnyWhereNoneWasReadIsAnotherReading() {
        UUID unread = UUID.randomUUID();
        readings.expect(ONE, Set.of("a"));
        readings.expect(unread, Set.of());
        readings.stored(ONE, "c");
        readings.stored(unread, "d");
        assertThat(readings.differing()).containsOnlyKeys(ONE, unread).containsEntry(ONE, "c");
        readings.gone(ONE);
        assertThat(readings.differing()).containsOnlyKeys(unread);
    }

    @Test
    void whatWasNotExpectedOrIsGoneIsNotCompared() {
        readings.stored(ONE, "a");
        readings.expect(ONE, Set.of("b"));
        readings.gone(ONE);
        readings.stored(ONE, "a");
        assertThat(readings.differing()).isEmpty();
    }

    @Test
    void whoeverListensIsToldOfEach() {
        AtomicInteger told = new AtomicInteger();
        readings.listen(told::incrementAndGet);
        readings.stored(ONE, "a");
        assertThat(told).hasValue(1);
    }
}
