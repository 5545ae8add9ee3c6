package org.strongroom.plugin.offline.key;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.plugin.offline.tier.TierContents;

/**
 * What of a tier another root key than Home's, or a former key of a tenant, may open, by looking at everything that such a key opens there.
 *
 * @param open objects that one may open
 * @param unread objects that may be such
 * @param missing what begins the names of objects that are not there and that the keys of now open
 */
record FormerLook(List<String> open, List<String> unread, List<String> missing) {
    private static final int LARGEST = 4 << 20;

    /** @throws StrongroomException UNAVAILABLE if the tier cannot be asked */
    static FormerLook at(TierContents contents, String tier, CurrentRoot now) throws IOException {
        FormerLook look = new FormerLook(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Set<String> missing = new TreeSet<>(now.copies());
        now.segments().forEach(segment -> missing.add(KeyBundle.prefix(segment)));
        contents.objects(tier, HomeCopy.PREFIX, object -> {
            missing.remove(object.name());
            if (now.isAnothers(object.name())) {
                look.open.add(object.name());
            }
        });
        List<ObjectLine> bundles = new ArrayList<>();
        contents.objects(tier, KeyBundle.PREFIX, bundles::add);
        Set<String> current = new HashSet<>();
        for (ObjectLine bundle : bundles) {
            if (look.isCurrent(contents, tier, bundle, now)) {
                current.add(bundle.name());
            }
        }
        missing.removeIf(prefix -> current.stream().anyMatch(name -> name.startsWith(prefix)));
        look.missing.addAll(missing);
        return look;
    }

    private boolean isCurrent(TierContents contents, String tier, ObjectLine object, CurrentRoot now)
            throws IOException {
        try {
            int length = (int) Math.min(object.bytes(), LARGEST);
            KeyBundle bundle = KeyBundle.decode(
                    contents.object(tier, object.name(), object.bytes()).read(0, length));
            if (!now.isFormers(bundle)) {
                return true;
            }
            open.add(object.name());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            if (e.kind() != FailureKind.NOT_FOUND) { // deleted since it was listed
                unread.add(object.name());
            }
        }
        return false;
    }

    /** Nothing is left that another key opens, and all that this one must open is there. */
    boolean isClean() {
        return !mayOpen() && missing.isEmpty();
    }

    /** Whether another key may open something. */
    boolean mayOpen() {
        return !open.isEmpty() || !unread.isEmpty();
    }
}
