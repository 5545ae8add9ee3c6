package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.strongroom.core.error.StrongroomException;

/** A read that the loader holds. */
final class LoaderRead implements PendingRead {
    private final Request request;
    private final Attachment attachment;
    private final String token;
    private final OrthancLog log;
    private final AtomicBoolean ended = new AtomicBoolean();
    private long allocated = -1;

    LoaderRead(Request request, Attachment attachment, String token, OrthancLog log) {
        this.request = request;
        this.attachment = attachment;
        this.token = token;
        this.log = log;
    }

    @Override
    public Attachment attachment() {
        return attachment;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public boolean isWhole() {
        return request.kind() == Request.Kind.READ_WHOLE;
    }

    @Override
    public long offset() {
        return request.start();
    }

    @Override
    public long length() {
        if (!isWhole()) {
            return request.size();
        }
        if (allocated < 0) {
            throw new IllegalStateException("allocate first");
        }
        return allocated;
    }

    @Override
    public void allocate(long size) throws IOException {
        if (allocated == size) {
            return; // its first source was damaged: the next one fills the same memory
        }
        request.allocate(LoaderFunctions.CONTENT, size);
        allocated = size;
    }

    @Override
    public void copyOut(long position, byte[] source, int offset, int length) throws IOException {
        request.copyOut(LoaderFunctions.CONTENT, position, source, offset, length);
    }

    @Override
    public void succeed() {
        if (ended.compareAndSet(false, true) && request.succeed() == LoaderFunctions.Ended.UNFILLED) {
            log.error("read of " + attachment.uuid() + " ended without all its bytes and was answered with an error");
        }
    }

    @Override
    public void fail(StrongroomException cause) {
        end(cause);
    }

    /** Fails with anything that was thrown. */
    void end(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            request.fail(cause);
            log.warning("read of " + attachment.uuid() + " failed. " + Failures.describe(cause));
        }
    }

    @Override
    public boolean isAlive() {
        return !ended.get() && request.isAlive();
    }
}
