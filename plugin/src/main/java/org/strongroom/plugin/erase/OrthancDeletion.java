package org.strongroom.plugin.erase;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;

/**
 * Which images Orthanc is to delete next for an erasure. A study is listed before the first of them and before the last, when series, study
 * and patient would go with it; between the two each image is looked at alone, so that a large study costs no more than it has images. Thread-safe.
 */
final class OrthancDeletion {
    /** Images that Orthanc deletes before somebody looks whether the rest is still to go: seconds. */
    static final int AT_ONCE = 100;
    /** Between two steps; whoever comes back later has the study listed anew. */
    private static final Duration BELIEVED = Duration.ofMinutes(5);

    private final Keyring keyring;
    private final InstantSource clock;
    private Optional<Listed> listed = Optional.empty();

    /** @param next the first that was not given out yet */
    private record Listed(UUID erasure, Set<UUID> files, List<String> instances, int next, Instant at) {
        int left() {
            return instances.size() - next;
        }
    }

    OrthancDeletion(Keyring keyring, InstantSource clock) {
        this.keyring = keyring;
        this.clock = clock;
    }

    /**
     * Some of what is left; nothing if nothing is.
     *
     * @param keys all that the erasure is about; nothing is sealed with them any more
     * @param files under which uuids all of it is sealed, as somebody has looked at it
     * @throws StrongroomException REFUSED if Orthanc has more, or less, than that
     */
    synchronized List<String> next(
            UUID erasure, Collection<UUID> keys, Set<UUID> files, Erasures.Look look, OrthancStudies studies)
            throws IOException {
        Instant now = clock.instant();
        Listed here = listed.filter(one -> one.erasure().equals(erasure)
                        && one.files().equals(files)
                        && one.left() > AT_ONCE
                        && !now.isBefore(one.at())
                        && now.isBefore(one.at().plus(BELIEVED)))
                .orElse(null);
        if (here == null) {
            listed = Optional.empty();
            here = new Listed(erasure, files, list(erasure, keys, files, look, studies), 0, clock.instant());
        }
        int end = here.next() + Math.min(AT_ONCE, here.left());
        listed = Optional.of(new Listed(erasure, files, here.instances(), end, clock.instant()));
        return here.instances().subList(here.next(), end);
    }

    private List<String> list(
            UUID erasure, Collection<UUID> keys, Set<UUID> files, Erasures.Look look, OrthancStudies studies)
            throws IOException {
        long living = 0;
        Set<String> names = new LinkedHashSet<>();
        for (UUID key : keys) {
            living += look.of(key).living();
            names.addAll(keyring.names().orthancStudies(key));
        }
        List<String> instances = new ArrayList<>();
        Set<UUID> here = new HashSet<>();
        for (String name : names) {
            OrthancStudies.Images images = studies.images(name);
            if (!images.files().isEmpty()) {
                requireNoOther(name, keys, look);
            }
            instances.addAll(images.instances());
            here.addAll(images.files());
        }
        if (!files.containsAll(here)) { // what nobody could read when it came has a key of its own
            throw more(erasure);
        }
        if (here.size() != living) { // the keys could not be destroyed after it
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc does not list all that it has not removed of this, or lists more")
                    .with("erasure", erasure)
                    .with("listed", here.size())
                    .with("living", living)
                    .cure("strongroom fsck says what that is");
        }
        return List.copyOf(instances);
    }

    /** An image that came meanwhile had its key before Orthanc listed it. */
    private void requireNoOther(String study, Collection<UUID> keys, Erasures.Look look) throws IOException {
        for (UUID other : keyring.names().ofStudy(study)) {
            if (!keys.contains(other)
                    && (keyring.isSealing(other) || look.of(other).living() > 0)) {
                throw more(other);
            }
        }
    }

    private static StrongroomException more(UUID of) {
        return StrongroomException.of(FailureKind.REFUSED, "Orthanc has more of this study than the order is about")
                .with("of", of)
                .cure("Look at what came, or could not be read, and order all of it, or delete it in Orthanc");
    }
}
