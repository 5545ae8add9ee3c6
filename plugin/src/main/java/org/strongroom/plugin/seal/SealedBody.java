package org.strongroom.plugin.seal;

import java.io.IOException;
import java.util.function.Supplier;
import org.strongroom.core.format.v1.BlockTable;
import org.strongroom.core.format.v1.CobblestoneReader;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.secret.Key32;

/** The body of a sealed file (format.md §3.3): opened when it is first needed, its table read once. Thread-safe. */
final class SealedBody {
    /** A body message up to this size is fetched with one read when it is first needed. */
    static final int SMALL_MESSAGE = 1 << 20;
    /** Adjacent blocks are fetched together up to this size. */
    static final int RUN = 2 << 20;

    private final SealedHeader header;
    private final ByteSource message;
    private final Supplier<Key32> key;
    private volatile CobblestoneReader proven;
    private volatile Opened opened;

    SealedBody(SealedHeader header, ByteSource message, Supplier<Key32> key) {
        this.header = header;
        this.message = message;
        this.key = key;
    }

    private record Opened(CobblestoneReader reader, BlockTable table) {}

    long messageSize() {
        return message.size();
    }

    /** Gives plain bytes {@code from} to {@code to} of the body to {@code sink}, whose first position is {@code position}. */
    void copy(long from, long to, long position, PlainSink sink) throws IOException {
        OpenDesk desk = OpenDesk.take();
        try {
            Opened body = opened;
            if (body == null) {
                body = open(desk);
                // What was fetched whole for this call is not kept: the next call reads what it needs.
                opened = new Opened(proven(), body.table);
            }
            if (from < to) {
                copy(body, from, to, position, sink, desk);
            }
        } finally {
            desk.give();
        }
    }

    private void copy(Opened body, long from, long to, long position, PlainSink sink, OpenDesk desk)
            throws IOException {
        BlockTable table = body.table;
        int last = table.blockAt(to - 1);
        for (int first = table.blockAt(from); first <= last; ) {
            int end = endOfRun(table, first, last);
            long start = table.storedStart(first);
            int run = (int) (table.storedStart(end) - start);
            byte[] stored = desk.stored(run);
            body.reader.read(start, stored, 0, run, desk::sealed);
            for (int block = first; block < end; block++) {
                int length = table.plainLength(block);
                byte[] plain = desk.plain(length);
                int offset = (int) (table.storedStart(block) - start);
                desk.decoder.decode(
                        table.codec(block),
                        stored,
                        offset,
                        table.storedLength(block),
                        plain,
                        0,
                        length,
                        header.imageLayout());
                int skip = (int) Math.max(0, from - table.plainStart(block));
                int count = (int) Math.min(length, to - table.plainStart(block)) - skip;
                sink.accept(position + table.plainStart(block) + skip - from, plain, skip, count);
            }
            first = end;
        }
    }

    void prove() throws IOException {
        proven();
    }

    /** The message's reader; its keys are derived once. */
    private CobblestoneReader proven() throws IOException {
        CobblestoneReader reader = proven;
        if (reader == null) {
            reader = CobblestoneReader.open(key.get(), Contexts.body(header), message);
            proven = reader;
        }
        return reader;
    }

    void checkChunk(long chunk) throws IOException {
        proven().chunk(chunk);
    }

    /** Whole if it is small, so that one read of what may be far away brings prefix, table and blocks. */
    private Opened open(OpenDesk desk) throws IOException {
        CobblestoneReader reader = proven;
        if (message.size() <= SMALL_MESSAGE) {
            byte[] bytes = desk.message((int) message.size());
            message.read(0, bytes, 0, (int) message.size());
            ByteSource whole = ByteSource.of(bytes).slice(0, message.size());
            if (reader == null) {
                proven = CobblestoneReader.open(key.get(), Contexts.body(header), whole)
                        .from(message);
            }
            reader = proven.from(whole);
        } else {
            reader = proven();
        }
        return new Opened(reader, BlockTable.read(reader, header.bodyPlainSize(), header.imageLayout() != null));
    }

    /** The block after the last one that is fetched together with {@code first}. */
    private static int endOfRun(BlockTable table, int first, int last) {
        int end = first + 1;
        while (end <= last && table.storedStart(end + 1) - table.storedStart(first) <= RUN) {
            end++;
        }
        return end;
    }
}
