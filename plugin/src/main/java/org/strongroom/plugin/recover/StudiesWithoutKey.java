package org.strongroom.plugin.recover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.control.StudyStatus.PackStatus;
import org.strongroom.core.format.v1.JournalType;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeyIds;

/**
 * Studies of which something is still wanted, and whose key did not come back: of its segment there was no bundle. What the index of a
 * snapshot lists nobody has read, so that nothing else would tell. Used by one thread.
 */
final class StudiesWithoutKey {
    private final Home home;

    StudiesWithoutKey(Home home) {
        this.home = home;
    }

    /** Each of them, with one of its packs. One whose key was destroyed is none: somebody ordered that. */
    List<Finding> find(ControlClient sidecar) throws IOException {
        Set<UUID> keys = KeyIds.in(home);
        List<StudyStatus> without = new ArrayList<>();
        sidecar.studies(study -> {
            if (study.attachments() > 0 && !keys.contains(study.key())) {
                without.add(study);
            }
        });
        if (without.isEmpty()) {
            return List.of();
        }
        Set<UUID> excused = KeyIds.in(home); // an Orthanc that runs has made more
        excused.addAll(destroyed());
        return without.stream()
                .filter(study -> !excused.contains(study.key()))
                .map(StudiesWithoutKey::finding)
                .toList();
    }

    private List<UUID> destroyed() throws IOException {
        List<UUID> destroyed = new ArrayList<>();
        Journal.read(home.journal(), Installation.read(home.installation()).orElseThrow(), (entry, chain) -> {
            if (entry.type() == JournalType.KEY_DESTROYED) {
                destroyed.add(entry.key());
            }
        });
        return destroyed;
    }

    private static Finding finding(StudyStatus study) {
        Optional<PackStatus> pack = study.packs().stream().findFirst();
        return new Finding(
                Kind.missing,
                "the key of a study is in no key bundle: nothing opens its images",
                null,
                pack.flatMap(one -> one.tiers().keySet().stream().findFirst()).orElse(null),
                pack.map(one -> PackPrologue.objectName(one.pack())).orElse(null),
                null,
                null,
                "If somebody deleted objects below keys/, bring them back into the tier and recover into another, empty"
                        + " Home; else delete the study in Orthanc, then let the modality send it again");
    }
}
