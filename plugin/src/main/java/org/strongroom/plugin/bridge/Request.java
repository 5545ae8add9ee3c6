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
    static final int RECORD_BYTES = 104;
    private static final int UUID_OFFSET = 64;

    /** With the numbers of loader.c. */
    enum Queue {
        CREATE(0),
        READ(1),
        REMOVE(2),
        REST(3),
        COMMITMENT(4);

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
        COMMITMENT(5);

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
    private final long headSize;
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
        headSize = entry.getLong(56);
        uuid = entry.getString(UUID_OFFSET, StandardCharsets.UTF_8.name());
    }

    Kind kind() {
        return kind;
    }

    /** Content type of an attachment, or HTTP method. */
    int detail() {
        return detail;
    }

    /** Bytes of the content, or wanted bytes of a range. */
    long size() {
        return size;
    }

    /** First byte of a range. */
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

    /** The content of an attachment, the body of an HTTP request, or a SOP class. */
    ByteSource content() {
        return part(LoaderFunctions.CONTENT, size);
    }

    /** The texts of an HTTP request, each with its NUL, or a SOP instance. */
    ByteSource head() {
        return part(LoaderFunctions.HEAD, headSize);
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
