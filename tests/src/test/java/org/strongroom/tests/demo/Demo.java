package org.strongroom.tests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Dcmtk;
import org.strongroom.tests.harness.Multipart;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;

/** The demo's seven steps. Ends with a stack trace and a non-zero status at the first thing that is not as it should be. */
final class Demo {
    private static final String AS_STORED = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    private final DemoPacs pacs;
    private final DemoStudy study;
    private final Rest rest;
    /** Orthanc's id of each instance, and the hash of its file before it left this machine. */
    private final Map<String, Sha256> before = new ConcurrentHashMap<>();

    private Demo(DemoPacs pacs, DemoStudy study) {
        this.pacs = pacs;
        this.study = study;
        this.rest = pacs.rest();
    }

    /** Arguments: folder, distribution, DICOMweb plugin, which part of the study (1: all, 10: a tenth), then the words that run a command as the PACS's user. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<String> asUser = List.of(arguments).subList(4, arguments.length);
        Words.title("Making a study of real-looking images …");
        DemoStudy study = DemoStudy.make(folder.resolve("modality"), Integer.parseInt(arguments[3]));
        DemoPacs pacs = new DemoPacs(folder, Path.of(arguments[1]), Path.of(arguments[2]), asUser);
        Demo demo = new Demo(pacs, study);
        demo.start();
        demo.receive();
        demo.lookAtTheDisk();
        demo.ship();
        demo.evict();
        demo.readBack();
        demo.comparePixels();
    }

    private void start() throws IOException {
        long start = System.nanoTime();
        pacs.start();
        Duration took = Words.since(start);
        JsonNode system = rest.json("/system");
        Words.title("1. A PACS: Orthanc " + system.path("Version").asText() + " with Strongroom, ready after "
                + Words.seconds(took));
        Words.line("web pages and REST   " + pacs.address());
        Words.line("DICOM                127.0.0.1:" + pacs.dicomPort() + ", called AET " + DemoPacs.AET
                + ", calling AET " + DemoPacs.MODALITY);
        Words.line("whoever calls from another machine is refused; here nobody needs a password");
        Words.line("all that was added to orthanc.json, beside the plugin's line:");
        pacs.section().lines().forEach(line -> Words.line("    " + line));
    }

    private void receive() {
        Words.title("2. A modality sends a study over DICOM (DCMTK's storescu)");
        for (DemoStudy.Series series : study.series()) {
            Words.line(String.format(
                    "%-22s %4d images %10s", series.what(), series.files().size(), Words.bytes(series.bytes())));
        }
        long start = System.nanoTime();
        for (DemoStudy.Series series : study.series()) {
            Dcmtk.store(
                    pacs.dicomPort(), series.proposal(), series.files().get(0).getParent());
        }
        Duration took = Words.since(start);
        Words.line("accepted, sealed and safely on disk after " + Words.seconds(took) + " ("
                + Words.bytes(study.bytes() * 1000 / Math.max(1, took.toMillis())) + " per second)");
        rest.instances().parallelStream().forEach(id -> before.put(id, Sha256.of(rest.file(id))));
        require(before.size() == study.files().size(), "every image is in Orthanc");
    }

    private void lookAtTheDisk() throws IOException {
        Words.title("3. What is on the disk now");
        List<Path> sealed = ClearText.files(pacs.home().resolve("spool"));
        long bytes = DemoPacs.size(pacs.home().resolve("spool"));
        Words.line(sealed.size() + " sealed files, " + Words.bytes(bytes) + ": " + Words.percent(bytes, study.bytes())
                + " of what was sent");
        byte[] start = Arrays.copyOf(Files.readAllBytes(sealed.get(0)), 16);
        Words.line("one of them begins   " + HexFormat.ofDelimiter(" ").formatHex(start)
                + "   (\"STRG\", a header of random ids, then ciphertext)");
        byte[][] images = new byte[3][];
        for (int series = 0; series < images.length; series++) {
            List<Path> files = study.series().get(series).files();
            images[series] = Files.readAllBytes(files.get(files.size() / 2));
        }
        ClearText clear = ClearText.of(List.of(DemoStudy.PATIENT_NAME, DemoStudy.PATIENT_ID, study.uid()), images);
        clear.assertAbsentFrom(pacs.home());
        Words.line("searched all of them for the patient's name and ids and for runs of pixels: nothing found");
    }

    private void ship() {
        pacs.awaitSidecar();
        long start = System.nanoTime();
        pacs.strongroom("ship", "--now");
        Duration took = Words.since(start);
        Words.title("4. To the tier, here a folder in place of a bucket: strongroom ship --now");
        List<Path> packs = ClearText.files(pacs.tier().resolve("packs"));
        Words.line(packs.size() + (packs.size() == 1 ? " pack" : " packs") + " instead of "
                + study.files().size() + " objects, " + Words.bytes(DemoPacs.size(pacs.tier()))
                + " with the wrapped keys, sent and checked after " + Words.seconds(took));
        packs.forEach(pack -> Words.line(
                pacs.tier().relativize(pack) + "   " + Words.bytes(pack.toFile().length())));
        Words.line("checked: size, checksums, and the plugin opened chunks of its own choice from the tier's copy");
    }

    private void evict() {
        long full = localBytes();
        pacs.strongroom("evict", "--all");
        Words.title("5. Away from here: strongroom evict --all");
        Words.line(Words.bytes(full) + " before, " + Words.bytes(localBytes())
                + " after: only the heads stay (names and tags, sealed), so that lists need no line");
        require(localBytes() < full / 3, "the pixels are in the tier only");
    }

    private void readBack() {
        Words.title("6. A viewer opens the study; nothing but the tier has the pixels");
        read("REST", rest::file);
        pacs.strongroom("evict", "--all");
        read("DICOMweb", this::byDicomWeb);
    }

    private void read(String door, Function<String, byte[]> get) {
        AtomicReference<Duration> first = new AtomicReference<>();
        Set<String> different = ConcurrentHashMap.newKeySet();
        long here = localBytes();
        long start = System.nanoTime();
        before.keySet().parallelStream().forEach(id -> {
            byte[] file = get.apply(id);
            first.compareAndSet(null, Words.since(start));
            if (!Sha256.of(file).equals(before.get(id))) {
                different.add(id);
            }
        });
        Words.line(String.format(
                "%-9s first image after %s, all %d after %s",
                door, Words.seconds(first.get()), before.size(), Words.seconds(Words.since(start))));
        require(different.isEmpty(), "every file is, byte for byte, what it was before");
        require(localBytes() > 2 * here, "it came from the tier");
    }

    private byte[] byDicomWeb(String id) {
        JsonNode instance = rest.json("/instances/" + id);
        String series = rest.json("/series/" + instance.path("ParentSeries").asText())
                .at("/MainDicomTags/SeriesInstanceUID")
                .asText();
        String path = "/dicom-web/studies/" + study.uid() + "/series/" + series + "/instances/"
                + instance.at("/MainDicomTags/SOPInstanceUID").asText();
        return Multipart.parts(rest.send("GET", path, null, "Accept", AS_STORED))
                .get(0);
    }

    private void comparePixels() {
        Words.title("7. Is it what the modality sent?");
        Set<Sha256> sent = ConcurrentHashMap.newKeySet();
        Set<Sha256> back = ConcurrentHashMap.newKeySet();
        study.files().parallelStream().forEach(file -> sent.add(Sha256.of(Samples.fromPixelData(file))));
        before.keySet().parallelStream().forEach(id -> back.add(Sha256.of(Samples.fromPixelData(rest.file(id)))));
        require(sent.equals(back), "the pixels of all images are, bit for bit, those that were sent");
    }

    private long localBytes() {
        return DemoPacs.size(pacs.home().resolve("spool"))
                + DemoPacs.size(pacs.home().resolve("cache"));
    }

    private static void require(boolean isSo, String what) {
        if (!isSo) {
            throw new AssertionError("NOT SO: " + what);
        }
        Words.line("checked: " + what);
    }
}
