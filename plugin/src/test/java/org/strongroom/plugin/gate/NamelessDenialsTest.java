package org.strongroom.plugin.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;

class NamelessDenialsTest {
    private static final AuditEvent EVENT = AuditEvent.of(AuditType.DENIAL);

    private Duration passed = Duration.ZERO;
    private final NamelessDenials denials = new NamelessDenials(() -> passed);

    @Test
    void anAddressIsToldOfOnceInAWhileWithHowManyMoreThereWere() {
        assertThat(denials.of("10.0.0.1", EVENT)).contains(EVENT);
        for (int i = 0; i < 6; i++) {
            assertThat(denials.of("10.0.0.1", EVENT)).isEmpty();
        }
        assertThat(denials.of("10.0.0.2", EVENT)).contains(EVENT);
        passed = NamelessDenials.WHILE;
        assertThat(denials.of("10.0.0.1", EVENT)).contains(EVENT.with("moreBefore", 6));
        passed = passed.plus(NamelessDenials.WHILE);
        assertThat(denials.of("10.0.0.1", EVENT)).as("none since").contains(EVENT);
    }

    @Test
    void whoHasVeryManyAddressesFillsNothing() {
        for (int address = 0; address < NamelessDenials.MOST; address++) {
            assertThat(denials.of("a" + address, EVENT)).isPresent();
        }
        assertThat(denials.of("b1", EVENT)).as("the others together").isPresent();
        assertThat(denials.of("b2", EVENT)).isEmpty();
        assertThat(denials.of("a1", EVENT)).isEmpty();
        passed = NamelessDenials.WHILE;
        assertThat(denials.of("b2", EVENT)).as("there is room again").isPresent();
    }
}
