package org.strongroom.tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.strongroom.core.dicom.DicomHeader;
import org.strongroom.core.dicom.SyntheticDicom;
import org.strongroom.core.io.ByteSource;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Project;
import org.strongroom.tests.harness.Scratch;

/** How large the packs of images are in the store, beside what was sent and what JPEG-LS makes of them. */
record Volume(Figures figures, Contestant strongroom, Packs packs) {
    private static final int IMAGES = 24;
    private static final int SMALL = 200;
    private static final int LOOP_FRAMES = 160;
    private static final String STUDY = "2.25.84";

    /** What all packs in the store take. */
    interface Packs {
        long bytes() throws IOException;
    }

    void run(Slices ct, Slices mr) throws IOException {
        strongroom.ship(); // what is left of other measurements
        measure("ct", List.copyOf(ct.study(IMAGES)));
        measure("mr", List.copyOf(mr.study(IMAGES)));
        pack("jpeg", jpeg(ct));
        pack("loop", loop());
        pack("report", small("1", SyntheticDicom::report));
        Random random = new Random(1);
        pack("tiny", small("2", () -> SyntheticDicom.ct().size(32, 32).pixels(noise(random))));
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
        double raw = bytes(images);
        double packed = pack(kind, images);
        double jpegLs = images.parallelStream()
                .mapToLong(image -> Dcmtk.convert(image, "dcmcjpls").length)
                .sum();
        figures.put("store.jpegLsVsRaw." + kind, jpegLs / raw);
        figures.put("store.compressionVsJpegLs." + kind, jpegLs / packed);
    }

    /** Bytes of the packs that these images become. */
    private long pack(String kind, List<byte[]> images) throws IOException {
        long before = packs.bytes();
        strongroom.load.store(images, 2, new ArrayList<>());
        strongroom.ship();
        long packed = packs.bytes() - before;
        if (packed <= 0) {
            throw new IOException("no pack came of " + images.size() + " images");
        }
        figures.put("store.bytesVsRaw." + kind, (double) packed / bytes(images));
        figures.put("store.bytesOfOne." + kind + ".KiB", bytes(images) / 1024.0 / images.size());
        return packed;
    }

    private static long bytes(List<byte[]> images) {
        return images.stream().mapToLong(image -> image.length).sum();
    }

    /** What a modality has compressed already. */
    private static List<byte[]> jpeg(Slices slices) {
        return slices.study(IMAGES).stream()
                .map(image -> Dcmtk.convert(image, "dcmcjpeg"))
                .toList();
    }

    private static List<byte[]> loop() throws IOException {
        try (Scratch scratch = new Scratch()) {
            Path file = scratch.path().resolve("loop.dcm");
            Loop.write(file, LOOP_FRAMES, 9000);
            return List.of(Files.readAllBytes(file));
        }
    }

    /** A study of many small instances. */
    private static List<byte[]> small(String study, Supplier<SyntheticDicom> kind) {
        String uid = STUDY + study;
        return IntStream.rangeClosed(1, SMALL)
                .mapToObj(number -> kind.get()
                        .patient("BENCH-3")
                        .study(uid)
                        .series(uid + ".1")
                        .instance(number)
                        .toBytes())
                .toList();
    }

    /** Nothing makes these smaller. */
    private static byte[] noise(Random random) {
        byte[] pixels = new byte[32 * 32 * 2];
        random.nextBytes(pixels);
        return pixels;
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
