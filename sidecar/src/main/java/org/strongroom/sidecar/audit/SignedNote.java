package org.strongroom.sidecar.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
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
        byte[] signed = ByteBuffer.allocate(ID + signature.length)
                .put(key.id())
                .put(signature)
                .array();
        String line = DASH + key.name() + " " + Base64.getEncoder().encodeToString(signed) + "\n";
        return (text + "\n" + line).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The text of a note that {@code key} signed; other signatures are left alone.
     *
     * @throws StrongroomException CORRUPT if it is no note, or not signed by this key
     */
    static String open(byte[] note, NoteKey key) {
        String all = new String(note, 0, Math.min(note.length, LONGEST + 1), StandardCharsets.UTF_8);
        int end = all.lastIndexOf("\n\n");
        if (end < 0 || all.length() > LONGEST || !all.endsWith("\n")) {
            throw corrupt("not a signed note");
        }
        String text = all.substring(0, end + 1);
        for (String line : all.substring(end + 2).split("\n", -1)) {
            String[] parts = line.split(" ", -1);
            if (parts.length == 3 && (parts[0] + " ").equals(DASH) && parts[1].equals(key.name())) {
                byte[] signed = decoded(parts[2]);
                if (signed.length > ID && Arrays.equals(Arrays.copyOf(signed, ID), key.id())) {
                    byte[] signature = Arrays.copyOfRange(signed, ID, signed.length);
                    if (key.verifies(text.getBytes(StandardCharsets.UTF_8), signature)) {
                        return text;
                    }
                    throw corrupt("the signature of a checkpoint is wrong");
                }
            }
        }
        throw corrupt("a checkpoint is not signed by the key of this log");
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw corrupt("not a signed note").causedBy(e);
        }
    }

    private static StrongroomException corrupt(String text) {
        return StrongroomException.of(FailureKind.CORRUPT, text);
    }
}
