package org.strongroom.plugin.codec;

/** How much time an image is worth: the writer steps down while senders queue. Any reader reads all of them. */
public enum EncodeEffort {
    /** Prediction from neighbours: smallest. */
    IMAGE,
    /** Bytes of samples apart: about half the time. */
    SHUFFLE,
    /** Plain zstd at its fastest. */
    ZSTD
}
