package org.strongroom.plugin.receipt;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.strongroom.core.dicom.OrthancZlib;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.inventory.OrthancIndex;
import org.strongroom.plugin.storage.Aliases;

/**
 * Gives instances back to an Orthanc that does not have them, as if a modality had sent them again. What it removed is sealed
 * anew under new names; the old files stay forgotten, so doing it twice does no harm. What it never removed, and lost, stays in the
 * file that it is in, under a new name. Thread-safe.
 */
public final class Restore {
    /** A REST upload stands in memory as a whole, twice: at most half of the heap. */
    private static final int PLAIN_SHARE = 4;
    /** What is inflated stands there beside what it is made of, and is moved while it grows. */
    private static final int ZLIB_SHARE = 8;

    private final Contents contents;
    private final Upload upload;
    private final Tombstones tombstones;
    private final Removals removals;
    private final Predicate<UUID> held;
    private final Names names;
    private final Strays strays;

    /** @param held whether Orthanc removed an attachment and the journal, where {@code removals} looks, does not take that yet */
    public Restore(
            Contents contents,
            Upload upload,
            Tombstones tombstones,
            Removals removals,
            Predicate<UUID> held,
            Names names,
            Strays strays) {
        this.contents = contents;
        this.upload = upload;
        this.tombstones = tombstones;
        this.removals = removals;
        this.held = held;
        this.names = names;
        this.strays = strays;
    }

    /** Where the plain bytes of an attachment are. */
    @FunctionalInterface
    public interface Contents {
        /**
         * @param largest bytes that may be held in memory
         * @throws StrongroomException REFUSED if there are more
         */
        ByteSource open(UUID attachment, long largest) throws IOException;
    }

    /** Hands a DICOM file to Orthanc, and tells under which name it stands there now; throws if Orthanc does not take it. */
    @FunctionalInterface
    public interface Upload {
        OrthancIndex.Stored store(byte[] dicom);
    }

    /** Lets what Orthanc is about to store be one more name of what is sealed already. */
    @FunctionalInterface
    public interface Names {
        Aliases.Expectation expect(ByteSource stored, UUID sealed);
    }

    /** Whether somebody sent an attachment into another tenant's study: it stays out of Orthanc. */
    @FunctionalInterface
    public interface Strays {
        Strays NONE = (attachment, dicom) -> false;

        boolean has(UUID attachment, byte[] dicom) throws IOException;
    }

    /** Journals that Orthanc does not have an attachment under the names that it had; one that it got just now stays. */
    @FunctionalInterface
    public interface Tombstones {
        void add(UUID attachment) throws IOException;
    }

    /** Whether the journal says that Orthanc removed an attachment. */
    @FunctionalInterface
    public interface Removals {
        boolean has(UUID attachment) throws IOException;
    }

    /**
     * One that cannot be given back holds up no other.
     *
     * @param forget whether the old names are still to be forgotten; one that Orthanc turns out to know is not. The same bytes
     *     then stay in the same file
     * @param toOwner whether what was sent into another's study is given back as well: arriving again it is the owner's
     * @throws StrongroomException the first failure, after all were tried
     */
    void restore(List<UUID> attachments, boolean forget, boolean toOwner) {
        StrongroomException failed = null;
        for (UUID attachment : attachments) {
            try {
                restore(attachment, forget, toOwner);
            } catch (StrongroomException e) {
                failed = first(failed, e);
            } catch (IOException | RuntimeException e) {
                failed = first(
                        failed,
                        StrongroomException.of(FailureKind.UNAVAILABLE, "an attachment could not be given back")
                                .with("attachment", attachment)
                                .causedBy(e));
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private static StrongroomException first(StrongroomException before, StrongroomException now) {
        if (before == null) {
            return now;
        }
        before.addSuppressed(now);
        return before;
    }

    /** Orthanc does not know these, and they are no images: nothing else is done with them. */
    void forget(List<UUID> attachments) throws IOException {
        for (UUID attachment : attachments) {
            tombstones.add(attachment);
        }
    }

    private void restore(UUID attachment, boolean forget, boolean toOwner) throws IOException {
        if (held.test(attachment)) { // missing in the index because somebody deleted it, which the sidecar cannot know
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE, "Orthanc removed this, and the disk does not take that yet")
                    .with("attachment", attachment)
                    .cure("Look at the disk that holds Strongroom.Home; then do this again");
        }
        ByteSource stored = contents.open(attachment, largest(PLAIN_SHARE));
        OptionalLong inflated = OrthancZlib.inflatedSize(stored);
        ByteSource sent = inflated.isEmpty() ? stored : inflate(attachment, stored, inflated.getAsLong());
        byte[] dicom = sent.read(0, (int) sent.size());
        boolean stray = strays.has(attachment, dicom);
        if (!forget) {
            if (stray && !toOwner) {
                throw StrongroomException.of(FailureKind.REFUSED, "it was sent into a study of another tenant")
                        .with("attachment", attachment)
                        .cure("docs/access.md says what can be done");
            }
            upload.store(dicom);
            return;
        }
        if (stray) {
            tombstones.add(attachment);
            return;
        }
        OrthancIndex.Stored now;
        Aliases.Expectation same = names.expect(stored, attachment);
        try (same) {
            now = upload.store(dicom);
        }
        if (now.attachment().equals(attachment)) {
            return;
        }
        if (now.known()) {
            requireLasting(now.attachment(), attachment);
        }
        tombstones.add(attachment);
    }

    /** What Orthanc had already may be of an index of before: it must not take the place of what lasts. */
    private void requireLasting(UUID known, UUID attachment) throws IOException {
        if (removals.has(known)) {
            throw kept(known, attachment);
        }
        try {
            contents.open(known, largest(PLAIN_SHARE));
        } catch (StrongroomException e) {
            throw e.kind().retryable() ? e : kept(known, attachment).causedBy(e);
        }
    }

    private static StrongroomException kept(UUID known, UUID attachment) {
        return StrongroomException.of(
                        FailureKind.REFUSED, "Orthanc lists the image under a name that was removed or does not open")
                .with("attachment", attachment)
                .with("listed", known)
                .cure("Delete the image in Orthanc, then do this again: both are kept until then");
    }

    /** With StorageCompression Orthanc hands out a zlib stream, and takes none back. */
    private static ByteSource inflate(UUID attachment, ByteSource stored, long size) throws IOException {
        if (size > largest(ZLIB_SHARE)) {
            throw StrongroomException.of(FailureKind.REFUSED, "too large to be given back through REST")
                    .with("attachment", attachment)
                    .with("bytes", size)
                    .cure("Raise Strongroom.Java.Heap to eight times its size and restart Orthanc");
        }
        return OrthancZlib.inflatedPrefix(stored, (int) size)
                .filter(inflated -> inflated.size() == size)
                .orElse(stored);
    }

    private static long largest(int share) {
        return Math.min(Runtime.getRuntime().maxMemory() / share, Integer.MAX_VALUE - 16);
    }
}
