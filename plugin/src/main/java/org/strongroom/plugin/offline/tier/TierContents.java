package org.strongroom.plugin.offline.tier;

import java.util.function.Consumer;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.io.ByteSource;

/** What the sidecar says should be in the tiers, and what is there. Obligations: never answered from a cache. */
public interface TierContents {
    /** Calls {@code each} for every pack that was ever planned. */
    void packs(Consumer<PackLine> each);

    /** Calls {@code each} for every study key that sealed something which was not purged. */
    void studies(Consumer<StudyStatus> each);

    /** Calls {@code each} for every object of a tier under {@code prefix}. */
    void objects(String tier, String prefix, Consumer<ObjectLine> each);

    /** An object of a tier. */
    ByteSource object(String tier, String name, long size);

    /** Through the running sidecar. */
    static TierContents of(ControlClient sidecar) {
        return new TierContents() {
            @Override
            public void packs(Consumer<PackLine> each) {
                sidecar.packs(each);
            }

            @Override
            public void studies(Consumer<StudyStatus> each) {
                sidecar.studies(each);
            }

            @Override
            public void objects(String tier, String prefix, Consumer<ObjectLine> each) {
                sidecar.tierObjects(tier, prefix, each);
            }

            @Override
            public ByteSource object(String tier, String name, long size) {
                return sidecar.tierSource(tier, name, size);
            }
        };
    }
}
