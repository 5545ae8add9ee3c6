package org.strongroom.plugin.keyservice;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Pkcs11Settings;
import org.strongroom.plugin.keyservice.Cryptoki.Call;

/** A session with one token. The numbers are those of PKCS #11 v2.40. Used by one thread. */
final class TokenSession implements AutoCloseable {
    private static final String SETTING = "Strongroom.RootKey.Pkcs11";

    private static final int LABEL = 32;
    /** {@code CK_TOKEN_INFO}: three texts of 32 and two of 16 bytes, flags, ten numbers, two versions, a time. */
    private static final int TOKEN_INFO = 32 + 32 + 16 + 16 + 11 * Long.BYTES + 4 + 16;

    private static final int FLAGS = 96;
    private static final long FINAL_TRY = 0x20000;
    private static final long PIN_LOCKED = 0x40000;
    private static final long SERIAL_SESSION = 4;
    private static final long USER = 1;
    private static final long LOGGED_IN = 0x100;
    private static final List<Long> WRONG_PIN = List.of(0xA0L, 0xA1L, 0xA2L);
    private static final long LOCKED = 0xA4;

    private static final long CLASS = 0x0;
    private static final long NAME = 0x3;
    private static final long KEY_TYPE = 0x100;
    private static final long SENSITIVE = 0x103;
    private static final long MODULUS = 0x120;
    private static final long EXPONENT = 0x122;
    private static final long PRIVATE_KEY = 3;
    private static final long RSA = 0;

    private static final long RSA_OAEP = 0x9;
    private static final long SHA_1 = 0x220;
    private static final long MGF1_SHA_1 = 1;
    private static final long DATA_SPECIFIED = 1;

    private final Cryptoki cryptoki;
    private final Pkcs11Settings settings;
    private final long session;

    private TokenSession(Cryptoki cryptoki, Pkcs11Settings settings, long session) {
        this.cryptoki = cryptoki;
        this.settings = settings;
        this.session = session;
    }

    /**
     * Logs in.
     *
     * @throws StrongroomException UNAVAILABLE if the token is not there; REFUSED if it does not take the PIN, or takes one wrong
     *     one only before it locks itself: then the PIN is not tried
     */
    static TokenSession open(Pkcs11Settings settings, Supplier<byte[]> pin) {
        Cryptoki cryptoki = Cryptoki.load(settings.library());
        long slot = slot(cryptoki, settings);
        Memory handle = new Memory(Long.BYTES);
        cryptoki.call(Call.OPEN_SESSION, slot, SERIAL_SESSION, Pointer.NULL, Pointer.NULL, handle);
        TokenSession session = new TokenSession(cryptoki, settings, handle.getLong(0));
        try {
            session.login(pin);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static long slot(Cryptoki cryptoki, Pkcs11Settings settings) {
        Memory count = new Memory(Long.BYTES);
        byte present = 1;
        cryptoki.call(Call.SLOT_LIST, present, Pointer.NULL, count);
        int number = Math.toIntExact(count.getLong(0));
        Memory slots = new Memory(Math.max(1, number) * (long) Long.BYTES);
        cryptoki.call(Call.SLOT_LIST, present, slots, count);
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < Math.min(number, count.getLong(0)); i++) {
            long slot = slots.getLong(i * (long) Long.BYTES);
            Memory info = new Memory(TOKEN_INFO);
            if (cryptoki.ask(Call.TOKEN_INFO, slot, info) == Cryptoki.OK
                    && label(info).equals(settings.token())) {
                requireTries(settings, info.getLong(FLAGS));
                found.add(slot);
            }
        }
        if (found.isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.UNAVAILABLE, SETTING + ".Token is not there, so no key can be opened")
                    .with("token", settings.token())
                    .with("tokens that are", number)
                    .cure(
                            "Plug the token in, or start its service; then start Orthanc again. If it is lost for ever, use"
                                    + " the recovery kit (docs/operations.md, A new machine)");
        }
        if (found.size() > 1) {
            throw refused("Token is the label of several tokens")
                    .with("token", settings.token())
                    .cure("Take the others out, or give them other labels");
        }
        return found.get(0);
    }

    private static String label(Memory info) {
        return new String(info.getByteArray(0, LABEL), StandardCharsets.UTF_8).stripTrailing();
    }

    private static void requireTries(Pkcs11Settings settings, long flags) {
        if ((flags & PIN_LOCKED) != 0) {
            throw locked(settings);
        }
        if ((flags & FINAL_TRY) != 0) {
            throw refused("Token locks itself at the next wrong PIN, so Strongroom does not try its own")
                    .with("token", settings.token())
                    .cure("Log in once with its vendor's tool and the right PIN, correct PinFile or PinEnv, and start"
                            + " Orthanc again");
        }
    }

    private void login(Supplier<byte[]> pin) {
        byte[] secret = pin.get();
        Memory memory = new Memory(secret.length);
        long answer;
        try {
            memory.write(0, secret, 0, secret.length);
            answer = cryptoki.ask(Call.LOGIN, session, USER, memory, (long) secret.length);
        } finally {
            Arrays.fill(secret, (byte) 0);
            memory.clear();
        }
        if (answer == LOCKED) {
            throw locked(settings);
        }
        if (WRONG_PIN.contains(answer)) {
            throw refused("Token does not take the PIN")
                    .with("token", settings.token())
                    .cure("Correct PinFile or PinEnv before you start Orthanc again: a token locks itself after a few"
                            + " wrong ones");
        }
        if (answer != Cryptoki.OK && answer != LOGGED_IN) {
            throw refused("Token does not let anybody log in")
                    .with("token", settings.token())
                    .with("CKR", "0x" + Long.toHexString(answer))
                    .cure("Initialise its user PIN with its vendor's tool");
        }
    }

    private static StrongroomException locked(Pkcs11Settings settings) {
        return refused("Token has locked itself after wrong PINs")
                .with("token", settings.token())
                .cure("Unlock it with its vendor's tool and its security officer's PIN");
    }

    private static StrongroomException refused(String what) {
        return StrongroomException.of(FailureKind.REFUSED, SETTING + "." + what);
    }

    /**
     * A private key in a token.
     *
     * @param handle in this session
     */
    record Key(long handle, BigInteger modulus, BigInteger exponent) {}

    /** @throws StrongroomException REFUSED if there is not exactly one with the label, or it may leave the token */
    Key key() {
        List<Long> found = find();
        if (found.size() != 1) {
            throw refused(
                            found.isEmpty()
                                    ? "Key is no RSA private key of this token"
                                    : "Key is the label of several keys")
                    .with("token", settings.token())
                    .with("key", settings.key())
                    .cure("Make one, or correct the label (docs/operations.md, Where the root key is)");
        }
        long handle = found.get(0);
        if (attribute(handle, SENSITIVE).map(value -> value[0] == 0).orElse(true)) {
            throw refused("Key may leave the token in clear")
                    .with("key", settings.key())
                    .cure("Make one that is sensitive (CKA_SENSITIVE) in the token itself");
        }
        BigInteger modulus = attribute(handle, MODULUS)
                .map(value -> new BigInteger(1, value))
                .orElseThrow(() -> refused("Key does not say its public half")
                        .with("key", settings.key())
                        .cure("Use an RSA key that was made in the token"));
        // Tokens need not know it of a private key; nearly all have this one, and who wraps tries what it wrapped.
        BigInteger exponent = attribute(handle, EXPONENT)
                .map(value -> new BigInteger(1, value))
                .orElse(BigInteger.valueOf(65537));
        return new Key(handle, modulus, exponent);
    }

    private List<Long> find() {
        byte[] label = settings.key().getBytes(StandardCharsets.UTF_8);
        Memory text = new Memory(label.length);
        text.write(0, label, 0, label.length);
        Memory template = new Memory(3L * 3 * Long.BYTES); // CK_ATTRIBUTE: type, value, length
        entry(template, 0, CLASS, number(PRIVATE_KEY));
        entry(template, 1, KEY_TYPE, number(RSA));
        entry(template, 2, NAME, text);
        cryptoki.call(Call.FIND_INIT, session, template, 3L);
        Memory handles = new Memory(2L * Long.BYTES);
        Memory count = new Memory(Long.BYTES);
        cryptoki.call(Call.FIND, session, handles, 2L, count);
        cryptoki.call(Call.FIND_FINAL, session);
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < count.getLong(0); i++) {
            found.add(handles.getLong(i * (long) Long.BYTES));
        }
        return found;
    }

    private Optional<byte[]> attribute(long object, long type) {
        Memory value = new Memory(2048);
        Memory template = new Memory(3L * Long.BYTES);
        entry(template, 0, type, value);
        if (cryptoki.ask(Call.ATTRIBUTES, session, object, template, 1L) != Cryptoki.OK) {
            return Optional.empty();
        }
        int length = Math.toIntExact(template.getLong(2L * Long.BYTES));
        return length > 0 ? Optional.of(value.getByteArray(0, length)) : Optional.empty();
    }

    private static Memory number(long value) {
        Memory memory = new Memory(Long.BYTES);
        memory.setLong(0, value);
        return memory;
    }

    private static void entry(Memory template, int place, long type, Memory value) {
        long offset = 3L * place * Long.BYTES;
        template.setLong(offset, type);
        template.setPointer(offset + Long.BYTES, value);
        template.setLong(offset + 2L * Long.BYTES, value.size());
    }

    /** RSAES-OAEP with SHA-1; empty if the token does not open it. */
    Optional<byte[]> decrypt(Key key, byte[] wrapped) {
        Memory parameters = new Memory(5L * Long.BYTES); // CK_RSA_PKCS_OAEP_PARAMS, without source data
        parameters.clear();
        parameters.setLong(0, SHA_1);
        parameters.setLong(Long.BYTES, MGF1_SHA_1);
        parameters.setLong(2L * Long.BYTES, DATA_SPECIFIED);
        Memory mechanism = new Memory(3L * Long.BYTES); // CK_MECHANISM: number, parameters, length
        entry(mechanism, 0, RSA_OAEP, parameters);
        Memory in = new Memory(wrapped.length);
        in.write(0, wrapped, 0, wrapped.length);
        Memory out = new Memory(wrapped.length);
        Memory length = number(out.size());
        cryptoki.call(Call.DECRYPT_INIT, session, mechanism, key.handle());
        try {
            return cryptoki.ask(Call.DECRYPT, session, in, (long) wrapped.length, out, length) == Cryptoki.OK
                    ? Optional.of(out.getByteArray(0, Math.toIntExact(length.getLong(0))))
                    : Optional.empty();
        } finally {
            out.clear();
        }
    }

    @Override
    public void close() {
        cryptoki.ask(Call.CLOSE_SESSION, session);
    }
}
