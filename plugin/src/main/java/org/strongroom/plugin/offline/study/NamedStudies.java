package org.strongroom.plugin.offline.study;

import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;

/**
 * The keys of what people name. Immutable.
 *
 * @param names how many names were given
 * @param keys of each name that something was sealed for
 */
record NamedStudies(int names, Map<String, List<UUID>> keys) {
    /**
     * Looks in the keyring of this Home.
     *
     * @throws StrongroomException NOT_FOUND if there is nothing of any of them
     */
    static NamedStudies of(Place place, Clock clock, Set<String> studies, Set<String> patients) {
        try (Keyring keyring = Keyring.read(place.home(), place.source(), clock)) {
            Map<String, List<UUID>> found = keyring.names().named(studies, patients);
            if (found.isEmpty()) {
                throw StrongroomException.of(
                                FailureKind.NOT_FOUND, "nothing of this was ever sealed here, or it is erased")
                        .cure(
                                "Name it as Orthanc shows it; what Orthanc stored before Strongroom is in clear, and here");
            }
            Set<String> names = new HashSet<>(studies);
            names.addAll(patients);
            return new NamedStudies(names.size(), found);
        } catch (IOException e) {
            throw Place.unreadable(e);
        }
    }

    /** All of them, none twice. */
    List<UUID> all() {
        return keys.values().stream().flatMap(List::stream).distinct().toList();
    }

    /** Tells how many names are of nothing; whether there are none. */
    boolean tellUnknown(Console console) {
        int unknown = names - keys.size();
        if (unknown > 0) {
            console.note(Amounts.count(unknown, "name") + " of nothing that was ever sealed here");
        }
        return unknown == 0;
    }
}
