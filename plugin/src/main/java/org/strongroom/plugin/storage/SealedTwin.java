package org.strongroom.plugin.storage;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.FileSource;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.plugin.seal.SealedReader;

/**
 * Looks for the sealed file of a clear one and compares the two. A sealed file on this machine that is damaged is set aside: the clear
 * one is the better copy, and another sealed one is looked for. For one thread.
 */
final class SealedTwin {
    private static final Logger LOG = System.getLogger(SealedTwin.class.getName());

    private final SealedCopies copies;

    /** Two bytes differ. */
    private static final class Different extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Different() {
            super(null, null, false, false);
        }
    }

    SealedTwin(SealedCopies copies) {
        this.copies = copies;
    }

    /**
     * Whether there is one, here or in a tier, that opens to the same bytes.
     *
     * @throws StrongroomException CORRUPT if it opens to others, or if it is in tiers and does not open; NOT_FOUND if its key is not known;
     *     UNAVAILABLE if nobody says whether there is one
     */
    boolean isThere(UUID attachment, ByteSource clear) throws IOException {
        return isHere(attachment, clear) || isFar(attachment, clear);
    }

    private boolean isHere(UUID attachment, ByteSource clear) throws IOException {
        Optional<FileSource> whole = copies.whole(attachment);
        if (whole.isEmpty()) {
            return false;
        }
        Optional<Boolean> same = compared(attachment, whole.get(), clear);
        if (same.isPresent()) {
            copies.sync(attachment); // the clear file goes next
            return requireSame(attachment, same.get());
        }
        return isMirrored(attachment, clear) && copies.restore(attachment);
    }

    /** Empty if the sealed file is damaged: then it is out of the way. */
    private Optional<Boolean> compared(UUID attachment, FileSource whole, ByteSource clear) throws IOException {
        try (FileSource sealed = whole) {
            return Optional.of(isSame(copies.open(attachment, sealed), clear));
        } catch (StrongroomException e) {
            // A key that nobody knows: the key id was damaged if another copy opens; else the keyring is too old.
            boolean keyId = e.kind() == FailureKind.NOT_FOUND && isMirrored(attachment, clear);
            if (e.kind() != FailureKind.CORRUPT && !keyId) {
                throw e;
            }
            setAside(attachment, e);
        } catch (UnreadableFileException e) {
            setAside(attachment, e);
        }
        return Optional.empty();
    }

    private void setAside(UUID attachment, Exception why) {
        LOG.log(
                Level.ERROR,
                "A sealed file does not open, but its clear one is still there; it is set aside in Home/quarantine",
                why);
        copies.trySetAside(attachment);
    }

    private boolean isMirrored(UUID attachment, ByteSource clear) throws IOException {
        try (FileSource copy = copies.mirrored(attachment).orElse(null)) {
            return copy != null && isSame(copies.open(attachment, copy), clear);
        } catch (ClearFileException e) {
            throw e;
        } catch (StrongroomException | IOException e) {
            LOG.log(Level.WARNING, "The copy in Strongroom.SpoolMirror cannot be used", e);
            return false;
        }
    }

    /** What a tier gave is asked for once more, from another one, if it does not open. */
    private boolean isFar(UUID attachment, ByteSource clear) throws IOException {
        Optional<SealedReader> far = copies.ifInTier(attachment, false);
        if (far.isEmpty()) {
            return false;
        }
        boolean same;
        try {
            same = isSame(far.get(), clear);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            LOG.log(Level.WARNING, "What a tier gave does not open; it is compared with its digest", e);
            same = isSameInDoubt(attachment, clear);
        }
        return requireSame(attachment, same);
    }

    private boolean isSameInDoubt(UUID attachment, ByteSource clear) throws IOException {
        Optional<SealedReader> again = copies.ifInTier(attachment, true);
        try {
            return again.isPresent() && isSame(again.get(), clear);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            throw StrongroomException.of(
                            FailureKind.CORRUPT,
                            "no tier has the sealed file of a clear one right; the clear file is kept")
                    .with("attachment", attachment)
                    .cure("Keep a copy of the clear file in StorageDirectory, and run: strongroom fsck --deep")
                    .causedBy(e);
        }
    }

    private static boolean isSame(SealedReader sealed, ByteSource clear) throws IOException {
        sealed.prove(); // before anything in its header is believed
        if (sealed.size() != clear.size()) {
            return false;
        }
        try {
            sealed.copy(0, clear.size(), (position, bytes, offset, length) -> {
                byte[] expected = clear.read(position, length);
                if (!Arrays.equals(expected, 0, length, bytes, offset, offset + length)) {
                    throw new Different();
                }
            });
            return true;
        } catch (Different e) {
            return false;
        }
    }

    private static boolean requireSame(UUID attachment, boolean same) {
        if (!same) {
            throw StrongroomException.of(
                            FailureKind.CORRUPT,
                            "a clear file and its sealed one are not the same; both stay where they are")
                    .with("attachment", attachment)
                    .cure("Look at both disks, and keep a copy of the clear file in StorageDirectory");
        }
        return true;
    }
}
