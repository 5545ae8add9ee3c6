package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.dicom.SeriesMetadata;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Attachment;

/** Finds out what content tells of itself. Whatever it holds, the worst is that nothing is known of it. Thread-safe. */
final class ContentReader {
    private static final Logger LOG = System.getLogger(ContentReader.class.getName());
    /** Enough of a compressed file to know whose it is. */
    private static final int IDENTITY = 1 << 20;

    /** What reads a DICOM file's header, such as {@link DicomHeader#read}. */
    @FunctionalInterface
    interface Parser {
        Optional<DicomHeader> read(ByteSource content) throws IOException;
    }

    private final Parser parser;

    ContentReader(Parser parser) {
        this.parser = parser;
    }

    /** @throws IOException only if {@code content} cannot be read */
    ContentFacts read(Attachment attachment, ByteSource content) throws IOException {
        try {
            return isDicom(attachment) ? dicom(content) : attached(content);
        } catch (RuntimeException e) {
            // Its text may quote the content; where it happened does not.
            LOG.log(
                    Level.WARNING,
                    "Content that Strongroom should understand or leave alone broke its reader, which is a defect: please report"
                            + " {0} at {1}. Attachment {2} is sealed as it is, under a key of its own.",
                    e.getClass().getName(),
                    e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0],
                    attachment.uuid().toString());
            return ContentFacts.NOTHING;
        }
    }

    static boolean isDicom(Attachment attachment) {
        return attachment.contentType() == Attachment.DICOM
                || attachment.contentType() == Attachment.DICOM_UNTIL_PIXEL_DATA;
    }

    /** With StorageCompression Orthanc hands out a zlib stream: it is sealed as it is, under its study's key. */
    private ContentFacts dicom(ByteSource content) throws IOException {
        Optional<DicomHeader> plain = parser.read(content);
        if (plain.isPresent()) {
            return ContentFacts.of(plain.get());
        }
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(content, IDENTITY);
        Optional<DicomHeader> inside = inflated.isPresent() ? parser.read(inflated.get()) : Optional.empty();
        return inside.map(ContentFacts::of).map(ContentFacts::withoutPixels).orElse(ContentFacts.NOTHING);
    }

    /** Of what is no DICOM file only one kind says whose it is. */
    private static ContentFacts attached(ByteSource content) throws IOException {
        Optional<ByteSource> inflated = OrthancZlib.inflatedPrefix(content, IDENTITY);
        return ContentFacts.attachedTo(SeriesMetadata.identity(inflated.orElse(content)));
    }
}
