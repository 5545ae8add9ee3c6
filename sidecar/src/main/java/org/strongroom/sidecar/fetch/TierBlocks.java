package org.strongroom.sidecar.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.replica.Replicas;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Small ranges of big members, straight from a tier in aligned blocks; the newest few are kept, because a reader asks for
 * the end of a file, then its table, then its frames. What they hold is judged by whoever opens it. Thread-safe.
 */
final class TierBlocks {
    private static final int BLOCK = 1 << 20;
    private static final int KEPT = 12;

    private final Replicas replicas;
    private final Uplink uplink;
    private final Map<Block, CompletableFuture<byte[]>> blocks = new LinkedHashMap<>(16, 0.75f, true);

    TierBlocks(Replicas replicas, Uplink uplink) {
        this.replicas = replicas;
        this.uplink = uplink;
    }

    private record Block(long pack, long number) {}

    /** Bytes of a sealed file; at most a few MiB. */
    InputStream read(PackRow pack, PackMember member, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            long at = offset + done;
            boolean inHead = at < member.headLength();
            long inPack = inHead ? member.headOffset() + at : member.bodyOffset() + at - member.headLength();
            long left = inHead ? Math.min(length - done, member.headLength() - at) : length - done;
            byte[] block = block(pack, inPack / BLOCK);
            int from = (int) (inPack % BLOCK);
            int count = (int) Math.min(left, block.length - from);
            System.arraycopy(block, from, bytes, done, count);
            done += count;
        }
        return new ByteArrayInputStream(bytes);
    }

    /** Something of this pack did not open. */
    void forget(PackRow pack) {
        synchronized (blocks) {
            blocks.keySet().removeIf(block -> block.pack() == pack.id());
        }
    }

    private byte[] block(PackRow pack, long number) throws IOException {
        Block key = new Block(pack.id(), number);
        CompletableFuture<byte[]> block = new CompletableFuture<>();
        CompletableFuture<byte[]> known;
        synchronized (blocks) {
            known = blocks.putIfAbsent(key, block);
            if (blocks.size() > KEPT) {
                blocks.remove(blocks.keySet().iterator().next());
            }
        }
        if (known != null) {
            return await(known);
        }
        uplink.reading(1);
        try {
            long start = number * BLOCK;
            int length = (int) Math.min(BLOCK, pack.bytes() - start);
            byte[] bytes = replicas.read(pack, object -> {
                try (InputStream in = object.open(start, length)) {
                    return read(in, length);
                }
            });
            block.complete(bytes);
            return bytes;
        } catch (IOException | RuntimeException | Error e) {
            block.completeExceptionally(e);
            synchronized (blocks) {
                blocks.remove(key, block);
            }
            throw e;
        } finally {
            uplink.reading(-1);
        }
    }

    private byte[] read(InputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            int count = in.read(bytes, done, length - done);
            if (count < 0) {
                return Arrays.copyOf(bytes, done);
            }
            done += count;
            uplink.arrived();
        }
        return bytes;
    }

    private static byte[] await(CompletableFuture<byte[]> block) {
        try {
            return block.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StrongroomException failure) {
                throw failure;
            }
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "a tier's stream broke")
                    .causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "stopped while reading")
                    .causedBy(e);
        }
    }
}
