package org.strongroom.plugin.bridge;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * One call of a service of Orthanc's SDK: the memory of its parameters, laid out as in OrthancCPlugin.h for 64 bits, lives
 * until {@link #close}. Used by one thread.
 */
final class SdkCall implements AutoCloseable {
    /** struct OrthancPluginMemoryBuffer: pointer, uint32. */
    private static final int BUFFER_BYTES = 16;

    private static final int INEXISTENT_ITEM = 7;
    private static final int UNKNOWN_RESOURCE = 17;

    private final LoaderFunctions functions;
    private final String token;
    private final List<Memory> parts = new ArrayList<>();

    /** @param token what Orthanc stores during the call arrives with it; empty for none */
    SdkCall(LoaderFunctions functions, String token) {
        this.functions = functions;
        this.token = token;
    }

    /** A zeroed struct. */
    Memory struct(int bytes) {
        Memory memory = new Memory(bytes);
        memory.clear();
        parts.add(memory);
        return memory;
    }

    /** A C string. */
    Memory text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = struct(utf8.length + 1);
        memory.write(0, utf8, 0, utf8.length);
        return memory;
    }

    /** Bytes; null for none, as C has it. */
    Memory bytes(byte[] bytes) {
        if (bytes.length == 0) {
            return null;
        }
        Memory memory = struct(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    /** An array of C strings; null for none. */
    Memory texts(List<String> texts) {
        if (texts.isEmpty()) {
            return null;
        }
        Memory array = struct(8 * texts.size());
        for (int i = 0; i < texts.size(); i++) {
            array.setPointer(8L * i, text(texts.get(i)));
        }
        return array;
    }

    /** A memory buffer that Orthanc fills; read with {@link #takeBuffer}. */
    Memory buffer() {
        return struct(BUFFER_BYTES);
    }

    /** Calls the service; its error code. */
    int tryInvoke(int service, Pointer parameters) {
        return functions.invoke(service, parameters, token);
    }

    /**
     * Calls the service.
     *
     * @throws StrongroomException NOT_FOUND for an unknown resource, else UNAVAILABLE with Orthanc's error code
     */
    void invoke(int service, Pointer parameters) throws StrongroomException {
        int code = tryInvoke(service, parameters);
        if (code != 0) {
            FailureKind kind = code == UNKNOWN_RESOURCE || code == INEXISTENT_ITEM
                    ? FailureKind.NOT_FOUND
                    : FailureKind.UNAVAILABLE;
            throw StrongroomException.of(kind, "Orthanc refused a call of its SDK")
                    .with("service", service)
                    .with("code", code);
        }
    }

    /** The content of a filled buffer, which is given back to Orthanc. */
    byte[] takeBuffer(Memory buffer) {
        Pointer data = buffer.getPointer(0);
        int size = buffer.getInt(8);
        if (data == null) {
            return new byte[0];
        }
        try {
            if (size < 0) {
                throw StrongroomException.of(FailureKind.REFUSED, "an answer of Orthanc is larger than 2 GB");
            }
            return data.getByteArray(0, size);
        } finally {
            functions.release(data);
        }
    }

    /** A string that Orthanc has made at the pointer in {@code result}, which is given back; empty if there is none. */
    String takeString(Memory result) {
        Pointer data = result.getPointer(0);
        if (data == null) {
            return "";
        }
        try {
            return data.getString(0, StandardCharsets.UTF_8.name());
        } finally {
            functions.release(data);
        }
    }

    @Override
    public void close() {
        parts.forEach(Memory::close);
    }
}
