package org.strongroom.tests.storage;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.dicom.UID;

/** Images whose pixels are not what their header says, or lie in a way that is rarely seen. Each is an instance of its own. */
final class OddImages {
    private static final int WIDEST = 65_535;
    private static final int SOME = 8192;

    private final Map<String, byte[]> all = new LinkedHashMap<>();

    private OddImages() {
        add("one pixel", SyntheticDicom.ct().size(1, 1));
        add("one row", SyntheticDicom.ct().size(1, WIDEST));
        add("one column", SyntheticDicom.mr().size(WIDEST, 1));
        add("high bits that mean nothing", SyntheticDicom.mr().size(64, 64).pixels(noise(SOME)));
        add("one bit", SyntheticDicom.grey8().size(64, 64).allocated(1).pixels(noise(512)));
        add("twelve bits packed", SyntheticDicom.mr().size(64, 64).allocated(12).pixels(noise(6144)));
        add("thirty-two bits", SyntheticDicom.dose().size(33, 31));
        add("sixty-four bits", SyntheticDicom.dose().size(32, 32).allocated(64).pixels(noise(SOME)));
        add("no bytes of pixels", SyntheticDicom.ct().size(64, 64).pixels(new byte[0]));
        add("pixels cut short", SyntheticDicom.ct().size(64, 64).pixels(noise(5001)));
        add("more pixels than rows", SyntheticDicom.ct().size(64, 64).pixels(noise(10_000)));
        add("no rows", SyntheticDicom.ct().size(0, 64).pixels(noise(SOME)));
        add(
                "planes of an odd size",
                SyntheticDicom.colour().size(31, 33).frames(3).planar());
        add("big endian", SyntheticDicom.ct().size(33, 31).transferSyntax(UID.ExplicitVRBigEndian));
        add(
                "a long private head",
                SyntheticDicom.ct().size(33, 31).headPadding(5 << 20).privateTags());
        add("zeros behind it", SyntheticDicom.ct().size(33, 31).trailing(new byte[513]));
        add("text behind it", SyntheticDicom.ct().size(33, 31).trailing("behind".getBytes(StandardCharsets.US_ASCII)));
        all.put(
                "a PatientID of unknown VR",
                withUnknownPatient(SyntheticDicom.ct()
                        .size(33, 31)
                        .patient("PID-7")
                        .study("2.25.79")
                        .toBytes()));
    }

    private void add(String name, SyntheticDicom image) {
        all.put(
                name,
                image.study("2.25.77")
                        .series("2.25.78")
                        .instance(all.size() + 1)
                        .toBytes());
    }

    static Map<String, byte[]> all() {
        return new OddImages().all;
    }

    /** As some converters write every element that had no VR: with "UN", two empty bytes and a longer length. */
    private static byte[] withUnknownPatient(byte[] image) {
        String bytes = new String(image, StandardCharsets.ISO_8859_1);
        String tag = "\u0010\0 \0";
        int at = bytes.lastIndexOf(tag + "LO");
        String length = bytes.substring(at + 6, at + 8);
        String changed = bytes.substring(0, at) + tag + "UN\0\0" + length + "\0\0" + bytes.substring(at + 8);
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
