package org.strongroom.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExchangesTest {
    private final Exchanges exchanges = new Exchanges();

    @Test
    void countsWhatFollowsAnAnswerAndNotWhatGoesOnBesideIt() {
        exchanges.add(0, 30); // a connection
        exchanges.add(30, 60); // the request for which it was made
        exchanges.add(35, 62); // three that read ahead
        exchanges.add(35, 66);
        exchanges.add(40, 70);
        exchanges.add(62, 92);

        assertThat(exchanges.roundTrips(100)).isEqualTo(3);
    }

    @Test
    void aLongOneHidesNoneOfThoseBesideIt() {
        exchanges.add(0, 100);
        exchanges.add(0, 30);
        exchanges.add(30, 60);
        exchanges.add(60, 90);

        assertThat(exchanges.roundTrips(100)).isEqualTo(3);
    }

    @Test
    void whatIsNotAnsweredYetDoesNotCount() {
        exchanges.add(Long.MAX_VALUE - 10, Long.MAX_VALUE);
        exchanges.add(Long.MAX_VALUE, Long.MIN_VALUE + 30); // the clock's number may overflow

        assertThat(exchanges.roundTrips(Long.MIN_VALUE)).isEqualTo(1);
        assertThat(exchanges.roundTrips(Long.MIN_VALUE + 30)).isEqualTo(2);
        exchanges.forget();
        assertThat(exchanges.roundTrips(Long.MIN_VALUE + 30)).isZero();
    }
}
