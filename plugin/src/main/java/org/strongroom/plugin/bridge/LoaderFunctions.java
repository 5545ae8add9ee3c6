package org.strongroom.plugin.bridge;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The loader's functions, called by the addresses that it passed (loading the library by its path could give a second
 * copy with queues of its own). Bound to one Initialize: after its Finalize, every call is refused. Thread-safe.
 */
final class LoaderFunctions {
    static final int CONTENT = 0;
    static final int HEAD = 1;
    static final int PAYLOAD = 2;

    /** With the numbers of doors.c. */
    enum Door {
        ROUTE(0),
        HTTP_FILTER(1),
        ARRIVALS(2),
        FINDS(3),
        MOVES(4),
        LOGINS(5),
        JOB_ENDS(6),
        AUDIT_LOGS(7);

        final int number;

        Door(int number) {
            this.number = number;
        }
    }

    private static final long VERSION = 2;
    private static final int WORDS = 15;
    private static final int OK = 0;
    private static final int GONE = 1;
    private static final int NO_MEMORY = 3;
    private static final int CLOSED = -1;
    private static final int COPY_BYTES = 256 * 1024;

    /** Native memory that copies pass through; one per thread, never shared. */
    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(COPY_BYTES));

    private final long epoch;
    private final String pluginName;
    private final String orthancVersion;
    private final Function take;
    private final Function copyIn;
    private final Function allocate;
    private final Function copyOut;
    private final Function commit;
    private final Function alive;
    private final Function complete;
    private final Function setDeadline;
    private final Function invoke;
    private final Function release;
    private final Function wantDoor;

    /** Reads the table of loader.c. */
    LoaderFunctions(long[] table) {
        if (table.length != WORDS || table[0] != VERSION) {
            throw new IllegalArgumentException(
                    "libStrongroom.so and the jars beside it are not of the same version; install both again");
        }
        epoch = table[1];
        pluginName = string(table[2]);
        orthancVersion = string(table[3]);
        take = function(table[4]);
        copyIn = function(table[5]);
        allocate = function(table[6]);
        copyOut = function(table[7]);
        commit = function(table[8]);
        alive = function(table[9]);
        complete = function(table[10]);
        setDeadline = function(table[11]);
        invoke = function(table[12]);
        release = function(table[13]);
        wantDoor = function(table[14]);
    }

    private static Function function(long address) {
        return Function.getFunction(new Pointer(address));
    }

    private static String string(long address) {
        return new Pointer(address).getString(0, StandardCharsets.UTF_8.name());
    }

    String pluginName() {
        return pluginName;
    }

    String orthancVersion() {
        return orthancVersion;
    }

    /** What a worker got from its queue: nothing in time, the news that the queue is closed, or a request. */
    record Taken(boolean closed, Optional<Request> request) {}

    /** Waits for a request. */
    Taken take(Request.Queue queue, long milliseconds) {
        try (Memory record = new Memory(Request.RECORD_BYTES)) {
            int answer = take.invokeInt(new Object[] {epoch, queue.number, record, milliseconds});
            return new Taken(
                    answer == CLOSED, answer == OK ? Optional.of(new Request(this, record)) : Optional.empty());
        }
    }

    /** Copies from a part of what Orthanc gave. */
    void copyIn(long id, int part, long position, byte[] target, int offset, int length) throws IOException {
        Memory buffer = BUFFER.get();
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, COPY_BYTES);
            check(copyIn.invokeInt(new Object[] {id, part, position + done, buffer, (long) count}));
            buffer.read(0, target, offset + done, count);
            done += count;
        }
    }

    /** Makes room for a part of the answer. */
    void allocate(long id, int part, long size) throws IOException {
        check(allocate.invokeInt(new Object[] {id, part, size}));
    }

    /** Copies into a part of the answer. */
    void copyOut(long id, int part, long position, byte[] source, int offset, int length) throws IOException {
        Memory buffer = BUFFER.get();
        int done = 0;
        while (done < length) {
            int count = Math.min(length - done, COPY_BYTES);
            buffer.write(0, source, offset + done, count);
            check(copyOut.invokeInt(new Object[] {id, part, position + done, buffer, (long) count}));
            done += count;
        }
    }

    /** The point of no return; false if nobody waits any more. */
    boolean commit(long id) {
        return commit.invokeInt(new Object[] {id}) == OK;
    }

    boolean isAlive(long id) {
        return alive.invokeInt(new Object[] {id}) == OK;
    }

    /** What the loader said to the end of a request. */
    enum Ended {
        ACCEPTED,
        /** Nobody waited any more; an error was answered before. */
        GONE,
        /** Success was claimed for an answer that is not filled; an error is answered. */
        UNFILLED
    }

    /** Ends a request; 0 is success. */
    Ended complete(long id, int failure) {
        return switch (complete.invokeInt(new Object[] {id, failure})) {
            case OK -> Ended.ACCEPTED;
            case GONE -> Ended.GONE;
            default -> Ended.UNFILLED;
        };
    }

    void setDeadline(Request.Kind kind, long milliseconds) {
        setDeadline.invokeInt(new Object[] {epoch, kind.number, milliseconds});
    }

    /**
     * Calls a service of Orthanc's SDK; its error code.
     *
     * @param token what Orthanc stores during the call arrives with it
     */
    int invoke(int service, Pointer parameters, String token) {
        return invoke.invokeInt(new Object[] {epoch, service, parameters, token.isEmpty() ? null : token});
    }

    /**
     * Has a door registered when the start is over.
     *
     * @param argument a regular expression for a route, else null
     */
    void want(Door door, String argument) {
        if (wantDoor.invokeInt(new Object[] {epoch, door.number, argument}) != OK) {
            throw new IllegalStateException("the loader does not take " + door);
        }
    }

    /** Gives back memory that Orthanc has made. */
    void release(Pointer memory) {
        if (memory != null) {
            release.invokeVoid(new Object[] {epoch, memory});
        }
    }

    private static void check(int answer) throws IOException {
        switch (answer) {
            case OK -> {}
            case GONE -> throw new IOException("Orthanc no longer waits for this request");
            case NO_MEMORY -> throw new IOException("Orthanc has no memory for the answer");
            default -> throw new EOFException("the range leaves what Orthanc asked for");
        }
    }

    static {
        if (Native.POINTER_SIZE != 8) {
            throw new UnsatisfiedLinkError("Strongroom needs a 64-bit machine");
        }
    }
}
