package org.strongroom.core.dicom;

/**
 * Where the pixels of an instance lie in its file. Immutable.
 *
 * @param tag PixelData, FloatPixelData or DoubleFloatPixelData
 * @param offset of the element's tag: the head of a sealed file is everything before it (format.md §1)
 * @param valueOffset of the first byte of the value
 * @param length of the value as the file states it, which may be more than the file holds; or {@link #ENCAPSULATED}
 */
public record PixelElement(int tag, long offset, long valueOffset, long length) {
    /** The length is undefined: a sequence of fragments, up to the end of the file for all that we know. */
    public static final long ENCAPSULATED = -1;

    public boolean isEncapsulated() {
        return length == ENCAPSULATED;
    }
}
