package org.strongroom.sidecar.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** C2SP signed notes: a text and who signed it. Stateless. */
final class SignedNote {
    private static final String DASH = "\u2014 ";
    private static final int LONGEST = 64 * 1024;
    private static final int ID = 4;

    private SignedNote() {}

    /** The note of {@code text}, which ends with a line feed. */
    static byte[] of(String text, NoteKey key, byte[] signature) {
        return (text + "\n" + line(key, signature)).getBytes(StandardCharsets.UTF_8);
    }

    /** One signature, as it stands at a note's end. */
    static String line(NoteKey key, byte[] signature) {
        byte[] signed = ByteBuffer.allocate(ID + signature.length)
                .put(key.id())
                .put(signature)
                .array();
        return DASH + key.name() + " " + Base64.getEncoder().encodeToString(signed) + "\n";
    }

    /**
     * The text of a note that {@code key} signed; other signatures are left alone.
     *
     * @throws StrongroomException CORRUPT if it is no note, or not signed by this key
     */
    static String open(byte[] note, NoteKey key) {
        String text = text(note);
        List<byte[]> signatures = signatures(note, key);
        if (signatures.isEmpty()) {
            throw corrupt("a checkpoint is not signed by the key of this log");
        }
        if (!signatures.stream().allMatch(one -> key.verifies(text.getBytes(StandardCharsets.UTF_8), one))) {
            throw corrupt("the signature of a checkpoint is wrong");
        }
        return text;
    }

    /**
     * The text of a note, whoever signed it.
     *
     * @throws StrongroomException CORRUPT if it is no note
     */
    static String text(byte[] note) {
        String all = all(note);
        return all.substring(0, all.lastIndexOf("\n\n") + 1);
    }

    /**
     * What stands in a note as signed by {@code key}; nothing is verified. Whoever else signed it, each line is a signature.
     *
     * @throws StrongroomException CORRUPT if it is no note
     */
    static List<byte[]> signatures(byte[] note, NoteKey key) {
        String all = all(note);
        List<byte[]> found = new ArrayList<>();
        int first = all.lastIndexOf("\n\n") + 2;
        for (String line :
                all.substring(first, Math.max(first, all.length() - 1)).split("\n", -1)) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3 || !(parts[0] + " ").equals(DASH)) {
                throw corrupt("not a signed note");
            }
            byte[] signed = decoded(parts[2]);
            if (signed.length <= ID) {
                throw corrupt("not a signed note");
            }
            if (parts[1].equals(key.name()) && Arrays.equals(Arrays.copyOf(signed, ID), key.id())) {
                found.add(Arrays.copyOfRange(signed, ID, signed.length));
            }
        }
        return found;
    }

    private static String all(byte[] note) {
        String all = new String(note, 0, Math.min(note.length, LONGEST + 1), StandardCharsets.UTF_8);
        if (!all.contains("\n\n") || all.length() > LONGEST || !all.endsWith("\n")) {
            throw corrupt("not a signed note");
        }
        return all;
    }

    /** Java's decoder passes over bits behind the last byte: there is one way to write a signature. */
    private static byte[] decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (Base64.getEncoder().encodeToString(bytes).equals(base64)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw corrupt("not a signed note").causedBy(e);
        }
        throw corrupt("not a signed note");
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
