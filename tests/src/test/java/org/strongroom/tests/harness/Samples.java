package org.strongroom.tests.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Map<String, byte[]> kinds = new LinkedHashMap<>();
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
        made.put("report", SyntheticDicom.report());
        made.forEach((name, dicom) ->
                kinds.put(name, of(dicom, Integer.toString(kinds.size() + 1)).toBytes()));
        byte[] native16 = of(SyntheticDicom.mr(), "90").size(96, 96).toBytes();
        kinds.put("jpeg-lossless", Dcmtk.convert(native16, "dcmcjpeg", "+e1"));
        kinds.put("jpeg-ls", Dcmtk.convert(of(SyntheticDicom.mr(), "91").toBytes(), "dcmcjpls"));
        return kinds;
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
