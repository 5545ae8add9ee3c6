package org.strongroom.plugin.offline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.HomeCopy;

/**
 * What of a tier a former root key opens, by looking at everything that a root key opens there.
 *
 * @param open objects that it opens
 * @param unread objects that may be such
 */
record FormerLook(List<String> open, List<String> unread) {
    private static final int LARGEST = 4 << 20;

    /** @throws StrongroomException UNAVAILABLE if the tier cannot be asked */
    static FormerLook at(TierContents contents, String tier, FormerKeys former) throws IOException {
        FormerLook look = new FormerLook(new ArrayList<>(), new ArrayList<>());
        contents.objects(tier, HomeCopy.PREFIX, object -> {
            if (former.copies().contains(object.name())) {
                look.open.add(object.name());
            }
        });
        List<ObjectLine> bundles = new ArrayList<>();
        contents.objects(tier, "keys/", bundles::add);
        for (ObjectLine bundle : bundles) {
            look.bundle(contents, tier, bundle, former);
        }
        return look;
    }

    private void bundle(TierContents contents, String tier, ObjectLine object, FormerKeys former) throws IOException {
        try {
            int length = (int) Math.min(object.bytes(), LARGEST);
            KeyBundle bundle = KeyBundle.decode(
                    contents.object(tier, object.name(), object.bytes()).read(0, length));
            if (former.open(bundle)) {
                open.add(object.name());
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            if (e.kind() != FailureKind.NOT_FOUND) { // deleted since it was listed
                unread.add(object.name());
            }
        }
    }

    boolean isClean() {
        return open.isEmpty() && unread.isEmpty();
    }
}
