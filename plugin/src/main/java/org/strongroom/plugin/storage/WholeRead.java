package org.strongroom.plugin.storage;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.bridge.Attachment;
import org.strongroom.plugin.bridge.PendingRead;

/** A whole attachment into this process's own memory, as long as it is not too much for it. Used by one thread. */
final class WholeRead implements PendingRead {
    private final Attachment attachment;
    private final long largest;
    private byte[] content;
    private StrongroomException failure;

    /** @param largest bytes that may be allocated, at most what fits an array */
    WholeRead(Attachment attachment, long largest) {
        this.attachment = attachment;
        this.largest = largest;
    }

    /**
     * What was read.
     *
     * @throws StrongroomException what the read failed with
     */
    ByteSource content() {
        if (failure != null) {
            throw failure;
        }
        return ByteSource.of(content);
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long length() {
        if (content == null) {
            throw new IllegalStateException("nothing is allocated");
        }
        return content.length;
    }

    /** @throws StrongroomException REFUSED if it is too large */
    @Override
    public void allocate(long size) {
        if (size > largest) {
            throw StrongroomException.of(FailureKind.REFUSED, "too large to be held in memory")
                    .with("attachment", attachment.uuid())
                    .with("bytes", size)
                    .with("largest", largest)
                    .cure("Raise Strongroom.Java.Heap to four times its size and restart Orthanc");
        }
        if (content == null || content.length != size) {
            content = null; // the old one must not stand beside the new one
            content = new byte[(int) size];
        }
    }

    @Override
    public void copyOut(long position, byte[] source, int offset, int length) {
        System.arraycopy(source, offset, content, Math.toIntExact(position), length);
    }

    @Override
    public void succeed() {}

    @Override
    public void fail(StrongroomException cause) {
        failure = cause;
    }

    @Override
    public boolean isAlive() {
        return true;
    }
}
