package org.strongroom.core.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.dicom.DicomWriter.Lengths;
import org.strongroom.core.io.FileSource;

/** The reader sees what DCMTK's {@code dcmdump} sees: on our own files, and on the sample folder where it is present. */
class DcmtkAgreementTest {
    private static final Path DCMDUMP = Path.of("/usr/bin/dcmdump");
    private static final List<Integer> TEXT_TAGS =
            List.of(Tag.PatientID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID);
    private static final List<Integer> NUMBER_TAGS = List.of(
            Tag.Rows,
            Tag.Columns,
            Tag.SamplesPerPixel,
            Tag.PlanarConfiguration,
            Tag.BitsAllocated,
            Tag.PixelRepresentation);
    /** A top-level element: with {@code +p}, nested tags have their sequences in front. */
    private static final Pattern ELEMENT =
            Pattern.compile("^\\(([0-9a-f]{4}),([0-9a-f]{4})\\) (\\S\\S) (.*?) *# +(\\d+|u/l), *\\d+ \\S+$");

    private static final Pattern FILE = Pattern.compile("^# dcmdump \\(\\d+/\\d+\\): (.*)$");
    /** Files per process: starting one takes longer than reading a file. */
    private static final int BATCH = 100;

    @TempDir
    Path folder;

    @Test
    void onSyntheticFiles() throws Exception {
        int number = 0;
        for (String syntax : List.of(
                UID.ImplicitVRLittleEndian,
                UID.ExplicitVRLittleEndian,
                UID.ExplicitVRBigEndian,
                UID.DeflatedExplicitVRLittleEndian,
                UID.RLELossless)) {
            for (SyntheticDicom made : List.of(
                    SyntheticDicom.ct(),
                    SyntheticDicom.enhancedMr(3).lengths(Lengths.UNDEFINED),
                    SyntheticDicom.colour().planar(),
                    SyntheticDicom.dose(),
                    SyntheticDicom.report())) {
                Files.write(
                        folder.resolve("made" + number++),
                        made.patient("PID " + number).transferSyntax(syntax).toBytes());
            }
        }
        assertThat(compareFolder(folder)).isEqualTo(number);
    }

    @Test
    void onEverySampleFile() throws Exception {
        Optional<Path> samples = Stream.of("../shared/dicom", "../../shared/dicom")
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst();
        assumeTrue(samples.isPresent(), "no ../shared/dicom here: only synthetic files are compared");
        assertThat(compareFolder(samples.get())).isGreaterThan(800);
    }

    /** How many files were compared. */
    private int compareFolder(Path samples) throws Exception {
        assertThat(DCMDUMP).as("dcmtk, which ./strongroom test installs").isExecutable();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(samples)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        int compared = 0;
        for (int from = 0; from < files.size(); from += BATCH) {
            List<Path> batch = files.subList(from, Math.min(files.size(), from + BATCH));
            for (Map.Entry<Path, Map<Integer, Printed>> dumped : dump(batch).entrySet()) {
                compare(dumped.getKey(), dumped.getValue());
                compared++;
            }
        }
        System.out.println("DcmtkAgreementTest: compared " + compared + " of " + files.size() + " files");
        return compared;
    }

    private static void compare(Path file, Map<Integer, Printed> expected) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            DicomHeader header = DicomHeader.read(source).orElse(null);
            assertThat(header).as("%s", file).isNotNull();
            for (int tag : TEXT_TAGS) {
                String value = new String(header.attributes().getBytes(tag), StandardCharsets.ISO_8859_1);
                assertThat(value)
                        .as("%s %08x", file, tag)
                        .isEqualTo(expected.getOrDefault(tag, Printed.NOTHING).text());
            }
            for (int tag : NUMBER_TAGS) {
                assertThat(header.attributes().getInt(tag, -1))
                        .as("%s %08x", file, tag)
                        .isEqualTo(expected.getOrDefault(tag, Printed.NOTHING).number());
            }
            Printed pixels = expected.get(Tag.PixelData);
            if (!UID.isDeflated(header.transferSyntax())) {
                assertThat(header.pixels().isPresent())
                        .as("%s has pixels", file)
                        .isEqualTo(pixels != null);
            }
            header.pixels().ifPresent(found -> {
                String length = found.isEncapsulated() ? "u/l" : Long.toString(found.length());
                assertThat(length).as("%s length of pixels", file).isEqualTo(pixels.length());
            });
        }
    }

    /** What dcmdump prints of the top level of the files that it can read. */
    private Map<Path, Map<Integer, Printed>> dump(List<Path> files) throws Exception {
        List<String> command = new ArrayList<>(List.of(DCMDUMP.toString(), "-q", "-M", "+L", "+p", "+F"));
        Stream.of(TEXT_TAGS, NUMBER_TAGS, List.of(Tag.PixelData))
                .flatMap(List::stream)
                .forEach(tag -> command.addAll(List.of("+P", "%04x,%04x".formatted(tag >>> 16, tag & 0xFFFF))));
        files.forEach(file -> command.add(file.toString()));
        Path output = folder.resolve("dcmdump.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Map<Path, Map<Integer, Printed>> found = new LinkedHashMap<>();
        Path file = null;
        for (String line : Files.readAllLines(output, StandardCharsets.ISO_8859_1)) {
            Matcher name = FILE.matcher(line);
            Matcher element = ELEMENT.matcher(line);
            if (name.matches()) {
                file = Path.of(name.group(1));
            } else if (element.matches()) {
                int tag = Integer.parseUnsignedInt(element.group(1) + element.group(2), 16);
                found.computeIfAbsent(file, any -> new HashMap<>())
                        .putIfAbsent(tag, new Printed(element.group(3), element.group(4), element.group(5)));
            }
        }
        return found;
    }

    /** A value as dcmdump prints it. */
    private record Printed(String vr, String value, String length) {
        static final Printed NOTHING = new Printed("", "", "");

        String text() {
            String text = "";
            if (vr.equals("UN") && !value.startsWith("(")) {
                text = new String(hex(), StandardCharsets.ISO_8859_1);
            } else if (value.startsWith("[")) {
                text = value.substring(1, value.lastIndexOf(']'));
            }
            return text.replaceAll("[ \\x00]+$", "");
        }

        int number() {
            if (vr.equals("UN") && !value.startsWith("(")) {
                return (hex()[0] & 0xFF) | (hex()[1] & 0xFF) << 8;
            }
            return value.matches("\\d+(\\\\.*)?") ? Integer.parseInt(value.replaceAll("\\\\.*", "")) : -1;
        }

        private byte[] hex() {
            return HexFormat.ofDelimiter("\\").parseHex(value);
        }
    }
}
