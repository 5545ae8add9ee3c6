package org.strongroom.plugin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.home.SealedFiles;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.plugin.bridge.ArrivalContext;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.seal.SealedReader;

/** A defect in the reader of headers must not become a refused image. */
class ContentReaderTest {
    private static final String PATIENT = "PID-18200512";

    @TempDir
    Path folder;

    @Test
    void anImageThatBreaksTheReaderIsSealedOpaqueAndToldOfWithoutItsContent() throws Exception {
        byte[] image = SyntheticDicom.ct().patient(PATIENT).toBytes();
        Attachment attachment = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        try (StorageFixture open = StorageFixture.open(folder);
                Said said = new Said()) {
            Arrival arrival = new Arrival(
                    new ContentReader(content -> {
                        throw new NumberFormatException("For input string: \"" + PATIENT + "\"");
                    }),
                    open.keyring,
                    new ArrivalKeys(open.keyring, open.holds, open.journal, Optional.empty()),
                    new SpoolWriter(open.home, Optional.empty()),
                    open.audit);
            arrival.seal(
                    attachment, ArrivalContext.UNKNOWN, ByteSource.of(image), Optional.empty(), () -> true, () -> {});

            try (FileSource sealed =
                    new SealedFiles(open.home).whole(attachment.uuid()).orElseThrow()) {
                assertThat(SealedReader.readHeader(sealed).seriesTag()).isEqualTo(Tag16.NONE);
            }
            assertThat(open.storage
                            .plainReads()
                            .plain(attachment.uuid(), image.length)
                            .read(0, image.length))
                    .isEqualTo(image);
            assertThat(said.lines)
                    .singleElement()
                    .asString()
                    .contains("java.lang.NumberFormatException at ")
                    .contains(attachment.uuid().toString())
                    .doesNotContain(PATIENT);
        }
    }

    @Test
    void whatIsNoDicomIsTheSame() throws Exception {
        ContentReader reader = new ContentReader(DicomHeader::read);
        Attachment dicom = new Attachment(UUID.randomUUID(), Attachment.DICOM);
        assertThat(reader.read(dicom, ByteSource.of(new byte[300]))).isEqualTo(ContentFacts.NOTHING);
        assertThat(reader.read(
                                dicom,
                                ByteSource.of(
                                        SyntheticDicom.ct().patient(PATIENT).toBytes()))
                        .identity())
                .isPresent();
    }

    /** What the reader logs. */
    private static final class Said extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger(ContentReader.class.getName());
        private final List<String> lines = new ArrayList<>();

        private Said() {
            logger.addHandler(this);
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(java.text.MessageFormat.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
        }
    }
}
