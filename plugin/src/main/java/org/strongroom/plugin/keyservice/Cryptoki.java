package org.strongroom.plugin.keyservice;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * The functions of a PKCS#11 library (OASIS PKCS #11 v2.40), by their places in {@code CK_FUNCTION_LIST}, on a machine with longs
 * of 64 bits. Loaded once and never unloaded: its vendor may have threads in it. Thread-safe, if the library is.
 */
final class Cryptoki {
    /** What a function answers if all is well. */
    static final long OK = 0;

    private static final long ALREADY_INITIALIZED = 0x191;
    private static final long OS_LOCKING = 2;
    /** Behind the version, which is padded. */
    private static final int FIRST_FUNCTION = 8;

    private static final Map<Path, Cryptoki> LOADED = new ConcurrentHashMap<>();

    private final NativeLibrary library;
    private final Pointer functions;

    /** The functions that are used, in the standard's order. */
    enum Call {
        INITIALIZE(0),
        SLOT_LIST(4),
        TOKEN_INFO(6),
        OPEN_SESSION(12),
        CLOSE_SESSION(13),
        LOGIN(18),
        ATTRIBUTES(24),
        FIND_INIT(26),
        FIND(27),
        FIND_FINAL(28),
        DECRYPT_INIT(33),
        DECRYPT(34);

        private final int place;

        Call(int place) {
            this.place = place;
        }
    }

    private Cryptoki(NativeLibrary library, Pointer functions) {
        this.library = library;
        this.functions = functions;
    }

    /**
     * @throws StrongroomException REFUSED if it is no such library; UNAVAILABLE if it does not start
     */
    static Cryptoki load(Path file) {
        return LOADED.computeIfAbsent(file, Cryptoki::open);
    }

    private static Cryptoki open(Path file) {
        if (!Files.isReadable(file)) {
            throw refused(file, "does not exist, or cannot be read by this user");
        }
        NativeLibrary library;
        Memory list = new Memory(Long.BYTES);
        try {
            library = NativeLibrary.getInstance(file.toString());
            long answer = library.getFunction("C_GetFunctionList").invokeLong(new Object[] {list});
            if (answer != OK) {
                throw failed("C_GetFunctionList", answer);
            }
        } catch (UnsatisfiedLinkError e) {
            throw refused(file, "is no PKCS#11 library that this machine can load")
                    .causedBy(e);
        }
        Cryptoki cryptoki = new Cryptoki(library, list.getPointer(0));
        Memory arguments = new Memory(6L * Long.BYTES); // CK_C_INITIALIZE_ARGS
        arguments.clear();
        arguments.setLong(4L * Long.BYTES, OS_LOCKING);
        long answer = cryptoki.ask(Call.INITIALIZE, arguments);
        if (answer != OK && answer != ALREADY_INITIALIZED) { // another plugin may use it as well
            throw failed("C_Initialize", answer);
        }
        return cryptoki;
    }

    private static StrongroomException refused(Path file, String what) {
        return StrongroomException.of(FailureKind.REFUSED, "Strongroom.RootKey.Pkcs11.Library " + what)
                .with("file", file)
                .cure("Install the library of the token's vendor, and name it here");
    }

    /** What the function answers. */
    long ask(Call call, Object... arguments) {
        Pointer function = functions.getPointer(FIRST_FUNCTION + (long) call.place * Long.BYTES);
        return Function.getFunction(function).invokeLong(arguments);
    }

    /** @throws StrongroomException UNAVAILABLE if it does not answer {@link #OK} */
    void call(Call call, Object... arguments) {
        long answer = ask(call, arguments);
        if (answer != OK) {
            throw failed(call.name(), answer);
        }
    }

    private static StrongroomException failed(String call, long answer) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, "the PKCS#11 token failed")
                .with("call", call)
                .with("CKR", "0x" + Long.toHexString(answer))
                .cure("See that the token is plugged in and its service runs; then start Orthanc again");
    }

    @Override
    public String toString() {
        return library.toString();
    }
}
