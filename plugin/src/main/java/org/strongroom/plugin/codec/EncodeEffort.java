package org.strongroom.plugin.codec;

import org.strongroom.core.format.v1.ImageLayout;

/** How much time an image is worth: the writer steps down while senders queue. Any reader reads all of them. */
public enum EncodeEffort {
    /** Prediction from neighbours: smallest. */
    IMAGE,
    /** Bytes of samples apart; samples of one byte are only compressed. */
    SHUFFLE,
    /** Plain zstd at its fastest. */
    ZSTD;

    /**
     * What takes least time for pixels of this layout. Where {@link NativePlanes} predicts, that is prediction: what it leaves is little, so
     * zstd is done sooner.
     *
     * @param layout null if these are no pixels
     */
    public static EncodeEffort least(ImageLayout layout) {
        return layout != null && NativePlanes.knows(layout) ? IMAGE : SHUFFLE;
    }
}
