package org.strongroom.plugin.erase;

import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Who may have something erased, as the settings name them. Immutable.
 *
 * @param names as written there
 */
public record Approvers(List<String> names) {
    public Approvers {
        names = List.copyOf(names);
    }

    /**
     * Somebody's name, as the settings write it.
     *
     * @throws StrongroomException REFUSED if it is not there
     */
    public String named(String owner) {
        return names.stream().filter(name -> isSame(name, owner)).findFirst().orElseThrow(() -> StrongroomException.of(
                        FailureKind.REFUSED, "this is nobody who may have something erased")
                .cure("Name one of Strongroom.Retention.Approvers; without two of them nothing is erased"));
    }

    /** Whether two names are one person's. */
    public static boolean isSame(String one, String other) {
        return one.strip().equalsIgnoreCase(other.strip());
    }
}
