package org.strongroom.plugin.receipt;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/**
 * Gives instances that Orthanc removed back to it, as if a modality had sent them again. They are sealed anew under new
 * names; the old files stay forgotten, so doing it twice does no harm. Thread-safe.
 */
public final class Restore {
    private final Contents contents;
    private final Upload upload;

    public Restore(Contents contents, Upload upload) {
        this.contents = contents;
        this.upload = upload;
    }

    /** Where the plain bytes of an attachment are. */
    @FunctionalInterface
    public interface Contents {
        ByteSource open(UUID attachment) throws IOException;
    }

    /** Hands a DICOM file to Orthanc; throws if Orthanc does not take it. */
    @FunctionalInterface
    public interface Upload {
        void store(byte[] dicom);
    }

    void restore(List<UUID> attachments) throws IOException {
        for (UUID attachment : attachments) {
            ByteSource plain = contents.open(attachment);
            if (plain.size() > largest()) {
                throw StrongroomException.of(FailureKind.REFUSED, "too large to be given back through REST")
                        .with("attachment", attachment)
                        .with("bytes", plain.size())
                        .cure("Raise Strongroom.Java.Heap to four times its size and restart Orthanc");
            }
            upload.store(plain.read(0, (int) plain.size()));
        }
    }

    /** A REST upload stands in memory as a whole, twice. */
    private static long largest() {
        return Math.min(Runtime.getRuntime().maxMemory() / 4, Integer.MAX_VALUE - 16);
    }
}
