package org.strongroom.core.control;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Takes a body whose length is known into one array: Java's own way holds it twice at its end. A body of another length comes out empty.
 */
final class RangeBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final byte[] body;
    private int length;
    private boolean isLonger;

    /** @param length bytes that are expected */
    RangeBody(int length) {
        this.body = new byte[length];
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> pieces) {
        for (ByteBuffer piece : pieces) {
            int count = Math.min(piece.remaining(), body.length - length);
            piece.get(body, length, count);
            length += count;
            isLonger |= piece.hasRemaining();
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        whole.complete(length == body.length && !isLonger ? body : new byte[0]);
    }
}
