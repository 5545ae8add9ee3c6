package org.strongroom.plugin.bridge;

import com.sun.jna.Pointer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.strongroom.core.io.ByteSource;

/**
 * A callback of Orthanc that waits, named by an id that is never used twice: every call after its end is refused by the
 * loader. Mirrors {@code struct record} of loader.c.
 */
final class Request {
    static final int RECORD_BYTES = 112;
    private static final int UUID_OFFSET = 72;

    /** With the numbers of loader.c. */
    enum Queue {
        CREATE(0),
        READ(1),
        REMOVE(2),
        REST(3),
        COMMITMENT(4),
        HTTP_FILTER(5),
        FIND(6),
        MOVE(7),
        AUTHENTICATION(8),
        STORED(9),
        JOB_END(10),
        AUDIT_LOG(11);

        final int number;

        Queue(int number) {
            this.number = number;
        }
    }

    /** With the numbers of loader.c. */
    enum Kind {
        CREATE(0),
        READ_WHOLE(1),
        READ_RANGE(2),
        REMOVE(3),
        REST(4),
        COMMITMENT(5),
        HTTP_FILTER(6),
        FIND(7),
        MOVE(8),
        MOVE_STEP(9),
        AUTHENTICATION(10),
        STORED(11),
        JOB_END(12),
        AUDIT_LOG(13);

        final int number;

        Kind(int number) {
            this.number = number;
        }

        static Kind of(long number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("unknown kind of request " + number);
        }
    }

    private final LoaderFunctions functions;
    private final long id;
    private final Kind kind;
    private final int detail;
    private final long size;
    private final long start;
    private final int queryCount;
    private final int headerCount;
    private final long textsSize;
    private final long payloadSize;
    private final String uuid;

    Request(LoaderFunctions functions, Pointer entry) {
        this.functions = functions;
        id = entry.getLong(0);
        kind = Kind.of(entry.getLong(8));
        detail = (int) entry.getLong(16);
        size = entry.getLong(24);
        start = entry.getLong(32);
        queryCount = (int) entry.getLong(40);
        headerCount = (int) entry.getLong(48);
        textsSize = entry.getLong(56);
        payloadSize = entry.getLong(64);
        uuid = entry.getString(UUID_OFFSET, StandardCharsets.UTF_8.name());
    }

    Kind kind() {
        return kind;
    }

    /** Content type of an attachment, HTTP method, level of a move, or kind of resource. */
    int detail() {
        return detail;
    }

    /** Bytes of the content, or wanted bytes of a range. */
    long size() {
        return size;
    }

    /** First byte of a range, or message ID of a move. */
    long start() {
        return start;
    }

    int queryCount() {
        return queryCount;
    }

    int headerCount() {
        return headerCount;
    }

    String uuid() {
        return uuid;
    }

    /** The content of an attachment, the body of an HTTP request, the address that it comes from, a step, a SOP class, or the name of an instance. */
    ByteSource content() {
        return part(LoaderFunctions.CONTENT, size);
    }

    /** The texts of an HTTP request or of an attachment's source, each with its NUL, a SOP instance, or for whom is read. */
    ByteSource head() {
        return part(LoaderFunctions.HEAD, textsSize);
    }

    /** What Orthanc's authentication says of an HTTP request. */
    ByteSource payload() {
        return part(LoaderFunctions.PAYLOAD, payloadSize);
    }

    /** The texts of the head. */
    String[] texts() throws IOException {
        byte[] head = head().read(0, Math.toIntExact(textsSize));
        // Each text ends with a NUL, so there is nothing after the last one.
        return new String(head, StandardCharsets.UTF_8).split("\0", -1);
    }

    private ByteSource part(int part, long bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes;
            }

            @Override
            public void read(long position, byte[] target, int targetOffset, int length) throws IOException {
                if (position < 0 || length < 0 || position > bytes - length) {
                    throw new EOFException("range leaves the source");
                }
                functions.copyIn(id, part, position, target, targetOffset, length);
            }
        };
    }

    void allocate(int part, long bytes) throws IOException {
        functions.allocate(id, part, bytes);
    }

    void copyOut(int part, long position, byte[] source, int offset, int length) throws IOException {
        functions.copyOut(id, part, position, source, offset, length);
    }

    boolean commit() {
        return functions.commit(id);
    }

    boolean isAlive() {
        return functions.isAlive(id);
    }

    LoaderFunctions.Ended succeed() {
        return functions.complete(id, 0);
    }

    LoaderFunctions.Ended fail(Throwable cause) {
        return functions.complete(id, Failures.code(cause));
    }

    /** Its kind and the random name of its attachment, for the log. */
    @Override
    public String toString() {
        return (kind + " " + uuid).strip();
    }
}
