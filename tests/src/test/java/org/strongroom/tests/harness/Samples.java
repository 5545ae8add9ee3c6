package org.strongroom.tests.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.DicomWriter.Lengths;
import org.strongroom.core.dicom.PixelElement;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.dicom.UID;
import org.strongroom.core.io.ByteSource;

/** DICOM instances for tests: one of each kind, or a study of many slices. Deterministic. */
public final class Samples {
    public static final String PATIENT_NAME = "Nightingale^Florence";
    public static final String PATIENT_ID = "PID-18200512";
    public static final String STUDY = "2.25.4711";

    private Samples() {}

    /** Slices of one CT series, 128 by 128. */
    public static List<byte[]> ct(int slices) {
        List<byte[]> images = new ArrayList<>();
        for (int slice = 1; slice <= slices; slice++) {
            images.add(
                    of(SyntheticDicom.ct(), "1").size(128, 128).instance(slice).toBytes());
        }
        return images;
    }

    /** The same in another study of the same patient. */
    public static List<byte[]> ct(int slices, String study) {
        List<byte[]> images = new ArrayList<>();
        for (int slice = 1; slice <= slices; slice++) {
            images.add(of(SyntheticDicom.ct(), "1")
                    .study(study)
                    .series(study + ".1")
                    .size(128, 128)
                    .instance(slice)
                    .toBytes());
        }
        return images;
    }

    /** A study of so many series with one image each: to open one reads no other ahead. */
    public static List<byte[]> oneSliceSeries(int series) {
        List<byte[]> images = new ArrayList<>();
        for (int number = 1; number <= series; number++) {
            images.add(of(SyntheticDicom.ct(), "7." + number).toBytes());
        }
        return images;
    }

    /** An image of another study of the same patient. */
    public static byte[] otherStudy() {
        return of(SyntheticDicom.mr(), "1").study(STUDY + ".2").toBytes();
    }

    /** An image of another patient. */
    public static byte[] otherPatient() {
        return of(SyntheticDicom.mr(), "1")
                .patient("PID-18051123")
                .patientName("Seacole^Mary")
                .study(STUDY + ".3")
                .series(STUDY + ".3.1")
                .toBytes();
    }

    /** One instance per transfer syntax, pixel format and oddity, by a name; each has a series of its own. */
    public static Map<String, byte[]> everyKind() {
        return Kinds.ALL;
    }

    /** Made once, when somebody asks: DCMTK encodes some of them. */
    private static final class Kinds {
        static final Map<String, byte[]> ALL = makeEveryKind();
    }

    private static Map<String, byte[]> makeEveryKind() {
        Map<String, SyntheticDicom> made = new LinkedHashMap<>();
        made.put("ct", SyntheticDicom.ct());
        made.put("ct-implicit", SyntheticDicom.ct().transferSyntax(UID.ImplicitVRLittleEndian));
        made.put("ct-big-endian", SyntheticDicom.ct().transferSyntax(UID.ExplicitVRBigEndian));
        made.put("ct-deflated", SyntheticDicom.ct().transferSyntax(UID.DeflatedExplicitVRLittleEndian));
        made.put("ct-rle", SyntheticDicom.ct().transferSyntax(UID.RLELossless));
        made.put("ct-odd-size", SyntheticDicom.ct().size(63, 47));
        made.put("ct-large-head", SyntheticDicom.ct().headPadding(300_000));
        made.put("ct-undefined-lengths", SyntheticDicom.ct().lengths(Lengths.UNDEFINED));
        made.put("ct-private-tags", SyntheticDicom.ct().privateTags());
        made.put("ct-wrong-vrs", SyntheticDicom.ct().wrongVrs());
        made.put("mr", SyntheticDicom.mr());
        made.put("mr-multi-frame", SyntheticDicom.enhancedMr(12));
        made.put("colour", SyntheticDicom.colour());
        made.put("colour-planar", SyntheticDicom.colour().planar());
        made.put("grey-8", SyntheticDicom.grey8());
        made.put("dose-32", SyntheticDicom.dose());
        made.put("bits-1", SyntheticDicom.grey8().allocated(1).pixels(noise(64 * 48 / 8)));
        made.put("bits-12", SyntheticDicom.mr().allocated(12).pixels(noise(64 * 48 * 12 / 8)));
        made.put("bits-64", SyntheticDicom.dose().allocated(64).pixels(noise(64 * 48 * 8)));
        made.put("report", SyntheticDicom.report());
        made.put("jpeg-2000-lossless", encapsulated(SyntheticDicom.mr(), "90", codestream(700)));
        made.put("jpeg-2000", encapsulated(SyntheticDicom.colour(), "91", codestream(400), codestream(2)));
        made.put("mpeg-2", encapsulated(SyntheticDicom.colour().frames(30), "100", noise(6000), noise(2)));
        made.put("mpeg-4", encapsulated(SyntheticDicom.colour().frames(30), "102", noise(5000)));
        made.put("hevc", encapsulated(SyntheticDicom.colour().frames(30), "107", noise(3000), noise(3000), noise(44)));

        Map<String, byte[]> kinds = new LinkedHashMap<>();
        made.forEach((name, dicom) ->
                kinds.put(name, of(dicom, Integer.toString(kinds.size() + 1)).toBytes()));
        byte[] mr = of(SyntheticDicom.mr(), "90").size(96, 96).toBytes();
        kinds.put("jpeg-lossless", Dcmtk.convert(mr, "dcmcjpeg", "+e1"));
        kinds.put("jpeg-ls", Dcmtk.convert(of(SyntheticDicom.mr(), "91").toBytes(), "dcmcjpls"));
        byte[] grey = of(SyntheticDicom.grey8(), "92").toBytes();
        kinds.put("jpeg-baseline", Dcmtk.convert(grey, "dcmcjpeg", "+eb", "+un"));
        byte[] dynamic = of(SyntheticDicom.mr(), "93").toBytes();
        kinds.put("jpeg-extended", Dcmtk.convert(dynamic, "dcmcjpeg", "+ee", "+un"));
        byte[] anyPredictor = of(SyntheticDicom.mr(), "94").toBytes();
        kinds.put("jpeg-lossless-any-predictor", Dcmtk.convert(anyPredictor, "dcmcjpeg", "+el", "+un"));
        byte[] near = of(SyntheticDicom.mr(), "95").toBytes();
        kinds.put("jpeg-ls-near", Dcmtk.convert(near, "dcmcjpls", "+en", "+un"));
        return Collections.unmodifiableMap(kinds);
    }

    /** High-throughput JPEG 2000, which DCMTK 3.6.7 does not know, and so not every Orthanc. */
    public static byte[] htj2k() {
        return of(encapsulated(SyntheticDicom.mr(), "201", codestream(900)), "96")
                .toBytes();
    }

    /** Fragments that nobody here can decode, in one of the syntaxes 1.2.840.10008.1.2.4.x. */
    private static SyntheticDicom encapsulated(SyntheticDicom dicom, String jpeg, byte[]... fragments) {
        return dicom.transferSyntax("1.2.840.10008.1.2.4." + jpeg).fragments(List.of(fragments));
    }

    /** Begins and ends as a JPEG 2000 codestream does. */
    private static byte[] codestream(int size) {
        byte[] stream = noise(size + 4);
        stream[0] = (byte) 0xFF;
        stream[1] = 0x4F;
        stream[stream.length - 2] = (byte) 0xFF;
        stream[stream.length - 1] = (byte) 0xD9;
        return stream;
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** These files in a ZIP file, as Orthanc takes one for many images. */
    public static byte[] zip(List<byte[]> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.size(); i++) {
                zip.putNextEntry(new ZipEntry("IMG" + i));
                zip.write(files.get(i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The PixelData element to the end of the file. */
    public static byte[] fromPixelData(byte[] dicom) {
        try {
            PixelElement pixels = DicomHeader.read(ByteSource.of(dicom))
                    .flatMap(DicomHeader::pixels)
                    .orElseThrow(() -> new AssertionError("no PixelData"));
            return Arrays.copyOfRange(dicom, (int) pixels.offset(), dicom.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link #fromPixelData} of a file, to compare what arrived somewhere with what was sent. */
    public static byte[] fromPixelData(Path file) {
        try {
            return fromPixelData(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SyntheticDicom of(SyntheticDicom dicom, String series) {
        return dicom.patient(PATIENT_ID).patientName(PATIENT_NAME).study(STUDY).series(STUDY + "." + series);
    }
}
