package org.strongroom.plugin.retention;

import java.time.LocalDate;
import java.util.Objects;

/**
 * What one rule asks for one study. Immutable.
 *
 * @param rule why
 * @param until the last day on which it has to be there
 */
record Term(Rule rule, LocalDate until) {
    Term {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(until, "until");
    }
}
