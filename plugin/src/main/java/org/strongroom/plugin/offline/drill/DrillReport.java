package org.strongroom.plugin.offline.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.DrillResult;
import org.strongroom.plugin.offline.tier.Fault;

/** What a trial recovery says, to people, to programs and to {@code drills.json}. Immutable. */
record DrillReport(Drill.Outcome outcome, Instant ended) {
    /** Worth telling; the rest is of the same kind. */
    private static final int SHOWN = 20;

    boolean proven() {
        return outcome.faults().isEmpty();
    }

    /** Of those before it knows nothing. */
    DrillResult result() {
        return new DrillResult(
                ended,
                proven(),
                proven() ? ended : null,
                outcome.keys(),
                outcome.lag().point().orElse(null),
                outcome.index().map(DrillIndex.Found::snapshot).orElse(null),
                toList().map(Duration::toSeconds).orElse(null),
                reading(outcome.seen().bytes()).map(Duration::toSeconds).orElse(null),
                outcome.seen().images(),
                outcome.bytes(),
                outcome.faults().size(),
                outcome.faults().stream().map(Fault::message).findFirst().orElse(null));
    }

    /** From nothing to an Orthanc that lists the snapshot. */
    private Optional<Duration> toList() {
        return outcome.index()
                .filter(index -> index.listed().isPresent())
                .map(index -> outcome.keysTook().plus(index.read()).plus(index.opened()));
    }

    /** Bytes per second of the sample, opening included; 0 if nobody knows. */
    private long pace() {
        long millis = outcome.seen().took().toMillis();
        return millis == 0 ? 0 : outcome.seen().read() * 1000 / millis;
    }

    private Optional<Duration> reading(long bytes) {
        return pace() == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(bytes / pace()));
    }

    private String about(long bytes) {
        return Amounts.bytes(bytes)
                + reading(bytes).map(time -> ", about " + Amounts.time(time)).orElse("");
    }

    void tell(Console console) {
        console.object(json());
        DrillSample.Seen seen = outcome.seen();
        console.line("Tier     " + outcome.tier() + ", opened with the "
                + (outcome.keys().equals("kit") ? "sheets" : "root key") + ", without anything of Home");
        console.line("Keys     " + Amounts.count(outcome.keyRecords(), "key") + " and a journal of " + outcome.entries()
                + " entries after " + Amounts.time(outcome.keysTook())
                + (outcome.journalProven() ? "" : "; nothing proves that it is whole")
                + (outcome.entriesLacking() == 0
                        ? ""
                        : "; " + outcome.entriesLacking() + " newer ones are not there yet"));
        console.line("Index    " + index());
        console.line(
                "Packs    " + Amounts.count(seen.packs(), "pack") + " of " + Amounts.count(seen.studies(), "study key")
                        + ", " + Amounts.count(seen.members(), "image") + ", " + Amounts.bytes(seen.bytes())
                        + " are expected there");
        console.line("Opened   " + Amounts.count(seen.images(), "image") + " of " + seen.tried() + " of "
                + Amounts.count(seen.studies(), "study key") + ", to the last bit; " + Amounts.bytes(seen.read())
                + " read" + (pace() == 0 ? "" : " at " + Amounts.bytes(pace()) + "/s") + notRead());
        console.line("Point    " + point());
        console.line("Time     "
                + toList().map(time -> "everything of the snapshot is listed after " + Amounts.time(time)
                                + ", and read when it is opened")
                        .orElse("nothing is listed before it was read"));
        console.line(
                "         to list the rest, " + Amounts.count(outcome.after().images(), "image") + " at most: "
                        + about(outcome.after().bytes()) + ". To read everything once: " + about(seen.bytes()));
        outcome.faults().stream()
                .limit(SHOWN)
                .forEach(fault -> console.line(fault.kind() + ": " + fault.message() + " (" + fault.object()
                        + (fault.attachment() == null ? "" : ", attachment " + fault.attachment()) + ")"));
        console.line(
                proven()
                        ? "Proven: what was tried came back."
                        : "Not proven: " + Amounts.count(outcome.faults().size(), "fault")
                                + ". See strongroom verify --tier " + outcome.tier());
    }

    private String index() {
        if (outcome.index().isEmpty()) {
            return "no snapshot: each image would be read and listed anew, without labels, metadata and files of"
                    + " users";
        }
        DrillIndex.Found index = outcome.index().get();
        return "snapshot of " + index.snapshot() + " by Orthanc " + index.orthanc() + ", read in "
                + Amounts.time(index.read())
                + index.listed()
                        .map(listed -> "; an Orthanc listed " + Amounts.count(listed.instances(), "image") + " of "
                                + listed.studies() + " studies after " + Amounts.time(index.opened()))
                        .orElse("; " + Amounts.count(index.images(), "image") + ", and no Orthanc opened it")
                + index.untried().map(why -> " (" + why + ")").orElse("");
    }

    private String notRead() {
        DrillSample.Seen seen = outcome.seen();
        return (seen.archived() == 0 ? "" : "; " + Amounts.count(seen.archived(), "pack") + " in an archive, not read")
                + (seen.tooMuch() == 0
                        ? ""
                        : "; " + Amounts.count(seen.tooMuch(), "pack")
                                + " not read, or not all chosen of them: --bytes");
    }

    private String point() {
        Lag lag = outcome.lag();
        if (lag.files() == 0) {
            return "everything that was acknowledged up to " + outcome.begun() + " is there";
        }
        return Amounts.count(lag.files(), "file") + " are not there yet"
                + lag.point().map(time -> ", the oldest of " + time).orElse("");
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        DrillSample.Seen seen = outcome.seen();
        json.put("proven", proven());
        json.put("tier", outcome.tier());
        json.put("result", result());
        json.put("keys", outcome.keyRecords());
        json.put("journal", outcome.entries());
        json.put("journalLacks", outcome.entriesLacking());
        json.put("journalProven", outcome.journalProven());
        json.put("keysSeconds", seconds(outcome.keysTook()));
        json.put("index", outcome.index().map(DrillReport::json).orElse(null));
        json.put("packs", seen.packs());
        json.put("packBytes", seen.bytes());
        json.put("members", seen.members());
        json.put("studies", seen.studies());
        json.put("studiesTried", seen.tried());
        json.put("imagesOpened", seen.images());
        json.put("archived", seen.archived());
        json.put("tooMuch", seen.tooMuch());
        json.put("bytesPerSecond", pace());
        json.put("notInTier", outcome.lag().files());
        json.put("afterSnapshot", outcome.after());
        json.put("faults", outcome.faults());
        return json;
    }

    private static Map<String, Object> json(DrillIndex.Found index) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("snapshot", index.snapshot().toString());
        json.put("orthanc", index.orthanc());
        json.put("images", index.images());
        json.put("readSeconds", seconds(index.read()));
        json.put("listed", index.listed().orElse(null));
        json.put("openedSeconds", seconds(index.opened()));
        json.put("untried", index.untried().orElse(null));
        return json;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}
