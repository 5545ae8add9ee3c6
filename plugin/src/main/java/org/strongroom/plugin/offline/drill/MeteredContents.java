package org.strongroom.plugin.offline.drill;

import java.util.function.Consumer;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.offline.tier.TierContents;

/** Counts what is read of a tier. Used by one thread. */
final class MeteredContents implements TierContents {
    private final TierContents contents;
    private long bytes;

    MeteredContents(TierContents contents) {
        this.contents = contents;
    }

    /** How many were read so far. */
    long bytes() {
        return bytes;
    }

    @Override
    public void packs(Consumer<PackLine> each) {
        contents.packs(each);
    }

    @Override
    public void studies(Consumer<StudyStatus> each) {
        contents.studies(each);
    }

    @Override
    public void objects(String tier, String prefix, Consumer<ObjectLine> each) {
        contents.objects(tier, prefix, each);
    }

    @Override
    public ByteSource object(String tier, String name, long size) {
        ByteSource object = contents.object(tier, name, size);
        return ByteSource.of(size, (position, target, offset, length) -> {
            object.read(position, target, offset, length);
            bytes += length;
        });
    }
}
