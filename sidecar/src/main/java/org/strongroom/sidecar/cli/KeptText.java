package org.strongroom.sidecar.cli;

import java.util.List;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.control.Kept;

/** What something was not done to, and why. */
final class KeptText {
    private KeptText() {}

    static List<String> of(List<Kept> kept) {
        return kept.stream()
                .map(one -> (one.instances() == 0
                                ? "Only what is attached to series"
                                : Amounts.count(one.instances(), "instance"))
                        + " kept: " + one.reason())
                .toList();
    }
}
