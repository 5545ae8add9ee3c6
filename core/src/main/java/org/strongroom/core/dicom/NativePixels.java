package org.strongroom.core.dicom;

import org.strongroom.core.format.v1.ImageLayout;

/**
 * The shape of native pixels, checked against the length of their value. Immutable.
 *
 * @param layout what the image codec predicts from
 * @param frameBytes bytes of one frame: whole rows of {@code layout}; with planar colour, the planes one below the other
 * @param frames 1 or more; what follows the last frame is padding, shorter than a frame
 */
public record NativePixels(ImageLayout layout, long frameBytes, int frames) {}
