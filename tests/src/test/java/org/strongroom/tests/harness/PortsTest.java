package org.strongroom.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PortsTest {
    /** Without it all would begin at the same ports, and now and then take each other's. */
    @Test
    void theBuildTellsEachForkItsNumber() {
        assertThat(System.getProperty("strongroom.fork")).matches("fork [1-6]");
        assertThat(Ports.free()).isBetween(10_000 + 3_700 * (Ports.fork() - 1), 10_000 + 3_700 * Ports.fork() - 1);
    }
}
