package org.strongroom.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Project;

/** How large images are when sealed, beside what they were and what JPEG-LS makes of them. */
record Volume(Figures figures, Contestant strongroom) {
    private static final int IMAGES = 24;

    void run(Slices ct, Slices mr) throws IOException {
        measure("ct", List.copyOf(ct.study(IMAGES)));
        measure("mr", List.copyOf(mr.study(IMAGES)));
        Path real = Project.root().resolve("../shared/dicom").normalize();
        if (Files.isDirectory(real)) {
            measure("ctReal", nativeImages(real.resolve("ct_philips_59")));
            measure("mrReal", nativeImages(real.resolve("mr_nih_ge_siemens_618")));
        } else {
            Terminal.line("No ../shared/dicom beside the project: sizes of synthetic images only");
        }
        Terminal.progress("sizes");
    }

    private void measure(String kind, List<byte[]> images) throws IOException {
        if (images.isEmpty()) {
            return;
        }
        long raw = images.stream().mapToLong(image -> image.length).sum();
        long before = spooled();
        strongroom.load.store(images, 2, new ArrayList<>());
        long sealed = spooled() - before;
        long jpegLs = images.parallelStream()
                .mapToLong(image -> Dcmtk.convert(image, "dcmcjpls").length)
                .sum();
        figures.put("store.bytesVsRaw." + kind, (double) sealed / raw);
        figures.put("store.jpegLsVsRaw." + kind, (double) jpegLs / raw);
        figures.put("store.compressionVsJpegLs." + kind, (double) jpegLs / sealed);
    }

    private long spooled() {
        return ClearText.files(strongroom.clinic.home().resolve("spool")).stream()
                .mapToLong(file -> file.toFile().length())
                .sum();
    }

    /** Some images with native pixels, from all over a folder. */
    private static List<byte[]> nativeImages(Path folder) throws IOException {
        List<byte[]> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.filter(Files::isRegularFile)
                    .sorted()
                    .map(Volume::bytes)
                    .filter(Volume::hasNativePixels)
                    .toList();
        }
        int step = Math.max(1, all.size() / IMAGES);
        return Stream.iterate(0, i -> i < all.size(), i -> i + step)
                .map(all::get)
                .toList();
    }

    private static boolean hasNativePixels(byte[] file) {
        try {
            return DicomHeader.read(ByteSource.of(file))
                    .flatMap(DicomHeader::nativePixels)
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
