package org.strongroom.tests.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.tests.harness.Dcmtk;

/**
 * A study of three series with pixels that look and compress like a CT's and an MR's, as files. Immutable.
 *
 * @param folder one subfolder per series
 * @param uid its StudyInstanceUID
 */
record DemoStudy(Path folder, String uid, List<Series> series) {
    static final String PATIENT_NAME = "Demonstration^Strongroom";
    static final String PATIENT_ID = "DEMO-4711";

    /**
     * The files of one series.
     *
     * @param proposal storescu's option for their transfer syntax
     */
    record Series(String what, String proposal, List<Path> files) {
        long bytes() {
            return files.stream().mapToLong(DemoStudy::size).sum();
        }
    }

    /** @param share one of so many slices of the whole study */
    static DemoStudy make(Path folder, int share) {
        UUID random = UUID.randomUUID();
        String uid = "2.25." + new BigInteger(random.toString().replace("-", ""), 16);
        List<Series> series = new ArrayList<>();
        series.add(write(
                folder, "1", "CT, uncompressed", "-R", 240 / share, slice -> of(SyntheticDicom.ct(), uid, 1, slice)));
        series.add(write(
                folder,
                "2",
                "CT, JPEG lossless",
                "-xs",
                60 / share,
                slice -> Dcmtk.convert(of(SyntheticDicom.ct(), uid, 2, slice), "dcmcjpeg", "+e1")));
        series.add(write(
                folder,
                "3",
                "MR, run-length (RLE)",
                "-xr",
                60 / share,
                slice -> Dcmtk.convert(of(SyntheticDicom.mr(), uid, 3, slice), "dcmcrle")));
        return new DemoStudy(folder, uid, List.copyOf(series));
    }

    List<Path> files() {
        return series.stream().flatMap(one -> one.files().stream()).toList();
    }

    long bytes() {
        return series.stream().mapToLong(Series::bytes).sum();
    }

    private static Series write(Path folder, String name, String what, String proposal, int slices, Maker maker) {
        List<Path> files = IntStream.rangeClosed(1, slices)
                .parallel()
                .mapToObj(slice -> {
                    try {
                        Path file = folder.resolve(name).resolve(slice + ".dcm");
                        Files.createDirectories(file.getParent());
                        return Files.write(file, maker.make(slice));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        return new Series(what, proposal, files);
    }

    private static byte[] of(SyntheticDicom dicom, String study, int series, int slice) {
        return dicom.patient(PATIENT_ID)
                .patientName(PATIENT_NAME)
                .study(study)
                .series(study + "." + series)
                .size(512, 512)
                .instance(slice)
                .toBytes();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Maker {
        byte[] make(int slice);
    }
}
