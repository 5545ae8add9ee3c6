package org.strongroom.plugin.storage;

import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.Identity;
import org.strongroom.core.dicom.NativePixels;
import org.strongroom.core.dicom.OrthancId;
import org.strongroom.core.dicom.PixelElement;
import org.strongroom.plugin.codec.PixelData;

/**
 * What content tells of itself. Its values are PHI.
 *
 * @param identity whose it is
 * @param instanceNames what Orthanc may call the instance, if it reads its header in the same way
 * @param origin text of a tag that tells where it is from, by its keyword; empty if there is none
 * @param headSize bytes before the pixels; 0 if there are none
 * @param pixels null if there are none that a codec for images understands
 */
record ContentFacts(
        Optional<Identity> identity,
        int instanceNumber,
        Set<String> instanceNames,
        UnaryOperator<String> origin,
        long headSize,
        PixelData pixels) {
    static final ContentFacts NOTHING = attachedTo(Optional.empty());

    static ContentFacts of(DicomHeader header) {
        return new ContentFacts(
                header.identity(),
                header.instanceNumber(),
                OrthancId.ofInstance(header),
                header::origin,
                header.pixels().map(PixelElement::offset).orElse(0L),
                pixels(header).orElse(null));
    }

    static ContentFacts attachedTo(Optional<Identity> identity) {
        return new ContentFacts(identity, 0, Set.of(), keyword -> "", 0, null);
    }

    /** The same of a file that lies in the content in another form, in which its pixels are elsewhere. */
    ContentFacts withoutPixels() {
        return new ContentFacts(identity, instanceNumber, instanceNames, origin, 0, null);
    }

    private static Optional<PixelData> pixels(DicomHeader header) {
        Optional<NativePixels> shape = header.nativePixels();
        Optional<PixelElement> place = header.pixels();
        if (shape.isEmpty() || place.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PixelData(
                place.get().valueOffset(),
                shape.get().frameBytes() * shape.get().frames(),
                shape.get().frameBytes(),
                shape.get().layout()));
    }
}
