package org.strongroom.sidecar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.sidecar.search.WrittenLog;

class EvidenceTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    @TempDir
    Path folder;

    private PlayedSidecar sidecar;
    private Path into;

    @BeforeEach
    void start() throws IOException {
        sidecar = new PlayedSidecar(folder);
        into = folder.resolve("evidence");
        AuditEvent[] events = {
            AuditEvent.of(AuditType.LOGIN).by("anna"),
            AuditEvent.of(AuditType.LOGIN_FAILED).by("bert").refused("wrong password"),
            AuditEvent.of(AuditType.LOGIN).by("bert"),
            AuditEvent.of(AuditType.DRILL).by(AuditEvent.COMMAND_LINE).failed("an image differs"),
            AuditEvent.of(AuditType.VIEW).by("anna").with("key", "00000000-0000-4000-8000-000000000001"),
            AuditEvent.of(AuditType.RECORDING_STOP).by(AuditEvent.STRONGROOM).failed("the disk takes no events"),
        };
        WrittenLog.append(sidecar.home, NOON, Duration.ofMinutes(1), events.length, i -> events[i]);
    }

    @AfterEach
    void stop() {
        sidecar.close();
    }

    private int evidence(String... more) {
        List<String> words = new ArrayList<>(List.of("audit", "report", "evidence", "--into", into.toString()));
        words.addAll(List.of("--to", "2026-11-28T00:00:00Z", "--zone", "UTC"));
        words.addAll(List.of(more));
        return sidecar.run(words.toArray(String[]::new));
    }

    private JsonNode row(String control, String what) throws IOException {
        JsonNode report =
                new ObjectMapper().readTree(into.resolve("evidence.json").toFile());
        for (JsonNode row : report.path(control)) {
            if (row.path("what").asText().equals(what)) {
                return row;
            }
        }
        throw new AssertionError(what + " is not told of " + control);
    }

    @Test
    void eachControlShowsWhatIsSetAndWhatWasRecorded() throws IOException {
        assertThat(evidence()).as(sidecar.err.toString()).isZero();
        assertThat(row("logins", "login").path("found").asText()).isEqualTo("2 success");
        assertThat(row("logins", "login").path("event").asText()).isEqualTo("2");
        assertThat(row("logins", "login").path("last").asText()).isEqualTo("2026-11-26T12:02:00Z");
        assertThat(row("logins", "login-failed").path("found").asText()).isEqualTo("1 refused");
        assertThat(row("logins", "lock-out").path("found").asText()).isEqualTo("none");
        assertThat(row("contingency", "drill").path("found").asText()).isEqualTo("1 failure");
        assertThat(row("encryption", "the keys are opened by").path("found").asText())
                .contains("on this machine");
        assertThat(row("holes", "recording-stop")).isNotNull();
        String page = Files.readString(into.resolve("evidence.html"));
        assertThat(page).contains("164.312(b)", "164.504(e)", "yes, all 6 events");
        assertThat(page).as("counts, not people").doesNotContain("anna", "bert");
    }

    /** They may be all there are. */
    @Test
    void usersOfAFileOfTheirOwnCountToo() throws IOException {
        Path users = Files.writeString(
                folder.resolve("users.json"),
                "{\"jim\": {\"Roles\": [\"auditor\"]}, \"joe\": {\"Roles\": [\"billing\"]}}");
        String settings = Files.readString(sidecar.config);
        Files.writeString(
                sidecar.config,
                settings.replace("\"Tiers\"", "\"Access\": {\"UsersFile\": \"" + users + "\"}, \"Tiers\""));
        assertThat(evidence()).as(sidecar.err.toString()).isZero();
        assertThat(row("persons", "users in the settings").path("found").asText())
                .isEqualTo("0");
        assertThat(row("persons", "users in a file of their own").path("found").asText())
                .isEqualTo("2");
        assertThat(row("access", "roles of users of the settings").path("found").asText())
                .isEqualTo("auditor, billing");
    }

    /** What is not there was not looked at. */
    @Test
    void ofAPrunedLogOnlyWhatIsKeptIsWhole() throws IOException {
        WrittenLog.append(
                sidecar.home,
                NOON,
                Duration.ofSeconds(1),
                594,
                i -> i < 593
                        ? AuditEvent.of(AuditType.VIEW).by("anna")
                        : AuditEvent.of(AuditType.LOG_PRUNE).with("from", 0).with("minimum", 512));
        Path log = sidecar.home.audit();
        Files.writeString(log.resolve("minimum-index"), "512\n");
        for (String gone : List.of("tile/0/000", "tile/0/001", "tile/entries/000", "tile/entries/001")) {
            Files.delete(log.resolve(gone));
        }
        assertThat(evidence()).as(sidecar.err.toString()).isZero();
        JsonNode report =
                new ObjectMapper().readTree(into.resolve("evidence.json").toFile());
        assertThat(report.path("theLogIsWhole").asText()).startsWith("yes, from event 512 on, 88 events");
        assertThat(report.path("keptFromEvent").asText()).isEqualTo("512");
    }

    @Test
    void onlyTheTimeThatIsAskedForCounts() throws IOException {
        assertThat(evidence("--from", "2026-11-26T12:01:30Z")).isZero();
        assertThat(row("logins", "login").path("found").asText()).isEqualTo("1 success");
        assertThat(row("logins", "login-failed").path("found").asText()).isEqualTo("none");
    }

    @Test
    void thePdfSaysTheSame() throws IOException {
        assertThat(evidence()).isZero();
        try (PDDocument pdf = Loader.loadPDF(into.resolve("evidence.pdf").toFile())) {
            String text = new PDFTextStripper().getText(pdf);
            assertThat(text).contains("Evidence, control by control", "164.308(a)(5)(ii)(C)", "2 success", "page 2");
            assertThat(pdf.getNumberOfPages()).isBetween(2, 10);
        }
        assertThat(sidecar.err.toString()).isEmpty();
        Path week = folder.resolve("week.pdf");
        assertThat(sidecar.run("audit", "report", "week", "--to", "2026-11-28T00:00:00Z", "--pdf", week.toString()))
                .isZero();
        assertThat(Files.readAllBytes(week)).startsWith("%PDF".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatIsCitedIsProvenBesideIt() throws IOException {
        assertThat(evidence()).isZero();
        for (int event : new int[] {1, 2, 3, 4, 5}) {
            assertThat(into.resolve("proof/" + event + ".json")).exists();
            assertThat(into.resolve("proof/" + event + ".tlog-proof"))
                    .content()
                    .startsWith("c2sp.org/tlog-proof@v1\nindex " + event + "\n");
        }
        assertThat(into.resolve("proof/0.json")).as("not the last login").doesNotExist();
        assertThat(into.resolve("proof/3.json")).content().contains("an image differs");
        assertThat(into.resolve("proof/key.pub"))
                .hasSameBinaryContentAs(sidecar.home.audit().resolve("key.pub"));
        int files = 0;
        for (String line : Files.readAllLines(into.resolve("SHA256SUMS"))) {
            String[] halves = line.split(" {2}", 2);
            assertThat(Sha256.of(Files.readAllBytes(into.resolve(halves[1]))).toString())
                    .isEqualTo(halves[0]);
            files++;
        }
        try (Stream<Path> all = Files.walk(into)) {
            assertThat(all.filter(Files::isRegularFile))
                    .as("each but the list itself")
                    .hasSize(files + 1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(into)))
                .isEqualTo("rwx------");
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        Files.createDirectory(into);
        assertThat(evidence()).isEqualTo(1);
        assertThat(sidecar.err.toString()).contains("does not exist yet");
        assertThat(into).isEmptyDirectory();
    }

    @Test
    void aLogThatIsNotWholeIsShownAsThat() throws IOException {
        Path tiles = sidecar.home.audit().resolve("tile/entries");
        try (Stream<Path> all = Files.walk(tiles)) {
            Path entries = all.filter(Files::isRegularFile).findFirst().orElseThrow();
            String text = Files.readString(entries, StandardCharsets.ISO_8859_1);
            Files.writeString(entries, text.replace("anna", "anne"), StandardCharsets.ISO_8859_1);
        }
        assertThat(evidence()).isEqualTo(1);
        assertThat(sidecar.out.toString()).contains("NOT whole");
        assertThat(into.resolve("evidence.html")).content().contains("The log is whole", "NO: ");
        assertThat(into.resolve("proof/verified.json")).content().contains("\"ok\":false");
        assertThat(into.resolve("proof/4.json")).as("it is not proven").doesNotExist();
    }
}
