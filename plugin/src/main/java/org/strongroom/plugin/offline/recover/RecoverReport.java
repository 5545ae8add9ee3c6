package org.strongroom.plugin.offline.recover;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.home.Home;
import org.strongroom.plugin.recover.RecoveredAccess;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.recover.Registration;

/** What a recovery says: beforehand how much it has to read, afterwards what is there, how old, and how long it took. */
final class RecoverReport {
    private final Console console;
    private final Home home;
    private final Path config;
    private Registration.Plan plan;
    private RecoveredAccess access;

    RecoverReport(Console console, Home home, Path config, RecoveryNote note) {
        this.console = console;
        this.home = home;
        this.config = config;
        console.note(
                note.point() == null
                        ? "The tier has no journal: nobody knows up to when it goes"
                        : "The tier's journal goes up to " + note.point());
        if (note.point() != null && !note.proven()) {
            console.note("Nothing proves that it is the whole journal: what was deleted last may be back");
        }
    }

    /** Who may see what, once Orthanc starts with the configuration. */
    void access(RecoveredAccess found) {
        access = found;
    }

    Registration.Watcher watching(ProgressBar bar) {
        return new Registration.Watcher() {
            @Override
            public void plan(Registration.Plan all) {
                bar.close();
                plan = all;
                console.note(Amounts.count(all.images(), "image") + " to be listed again: "
                        + Amounts.bytes(all.bytes()) + " to be read from the tier"
                        + all.reading()
                                .map(time -> ", about " + Amounts.time(time) + " at "
                                        + Amounts.bytes(all.bytesPerSecond().orElseThrow()) + "/s")
                                .orElse(""));
            }

            @Override
            public void show(long done, long all, String words) {
                bar.show(done, all, words);
            }
        };
    }

    void tell(RecoveryNote note, Registration.Outcome outcome) {
        console.object(json(note, outcome));
        outcome.left()
                .forEach(left ->
                        console.line(Amounts.count(left.instances(), "image") + " not listed: " + left.reason()));
        outcome.notRemoved()
                .forEach(left -> console.line(
                        Amounts.count(left.instances(), "attachment") + " not deleted again: " + left.reason()));
        outcome.wrong().stream().limit(20).forEach(finding -> console.line(told(finding)));
        if (outcome.wrong().stream().anyMatch(RecoverReport::isNowhere)) {
            console.line(
                    "An image that Orthanc lists and no tier has: delete it in Orthanc first, then let the modality"
                            + " send it again (Orthanc does not take what it lists already)");
        }
        outcome.notCompared().forEach(what -> console.line("Not compared: " + what));
        if (note.snapshot() != null) {
            console.line("Index of the snapshot of " + note.snapshot() + "; "
                    + Amounts.count(outcome.removed(), "attachment") + " deleted again that had been since");
        }
        console.line(Amounts.count(outcome.registered(), "image") + " listed again; Orthanc's index knows "
                + Amounts.count(outcome.listed(), "attachment") + ". " + Amounts.count(outcome.forgotten(), "file")
                + " stay deleted");
        if (outcome.others() > 0) {
            console.line(Amounts.count(outcome.others(), "attachment")
                    + " of other kinds stay in the tier: without its index Orthanc does not know whose they are, and"
                    + " makes what it needs of them anew. strongroom fsck lists them, and --repair forgets them");
        }
        tellAccess();
        if (outcome.whole()) {
            console.line("Whole and verified: what was stored up to " + note.point() + ", " + seconds(note)
                    + " s after the command was first given");
            console.line("Start Orthanc with " + config);
        } else {
            console.line("Not whole: " + Amounts.count(outcome.unregistered(), "image")
                    + " not listed. Run the same command again");
        }
    }

    private void tellAccess() {
        console.line(
                switch (access.from()) {
                    case CONFIGURATION -> "Users and tenants: as the configuration had them";
                    case SNAPSHOT -> "Users and tenants: of the snapshot's settings, written into the configuration";
                    case EVERYBODY ->
                        "Users and tenants: there were none, and whoever Orthanc lets in sees everything, as before";
                    case NOBODY ->
                        "Users and tenants: nobody told (no snapshot's settings are here), and whoever Orthanc lets in"
                                + " would see everything. Were there any, write Strongroom.Access and Strongroom.Tenants"
                                + " into the configuration before Orthanc starts";
                });
        access.missing().forEach(missing -> console.line(missing.line()));
        if (!access.stations().isEmpty()) {
            console.line("Not in DicomModalities, so that Orthanc takes nothing of them: "
                    + String.join(", ", access.stations())
                    + ". Write each with its Host, AllowGet and AllowFindWorklist false"
                    + " (orthanc-config/two-tenants.json)");
        }
    }

    private static String told(Finding finding) {
        String what = finding.kind() + ": " + finding.what();
        return finding.attachment() != null
                ? what + ", attachment " + finding.attachment()
                : what + (finding.object() == null ? "" : ", " + finding.object()) + ". " + finding.cure();
    }

    private static boolean isNowhere(Finding finding) {
        return finding.kind() == Kind.missing
                && finding.attachment() != null
                && finding.tier() == null
                && finding.repair() == null;
    }

    private static long seconds(RecoveryNote note) {
        return Duration.between(note.began(), note.ended()).toSeconds();
    }

    private Map<String, Object> json(RecoveryNote note, Registration.Outcome outcome) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("whole", outcome.whole());
        json.put("home", home.root().toString());
        json.put("config", config.toString());
        json.put("recovery", note);
        json.put("seconds", note.ended() == null ? null : seconds(note));
        if (plan != null) {
            Map<String, Object> planned = new LinkedHashMap<>();
            planned.put("images", plan.images());
            planned.put("packs", plan.packs());
            planned.put("bytes", plan.bytes());
            planned.put("bytesPerSecond", plan.bytesPerSecond().orElse(null));
            planned.put("seconds", plan.reading().map(Duration::toSeconds).orElse(null));
            json.put("plan", planned);
        }
        Map<String, Object> people = new LinkedHashMap<>();
        people.put("from", access.from().word());
        people.put("tenants", access.tenants());
        people.put("missing", access.missing());
        people.put("stations", access.stations());
        json.put("access", people);
        json.put("outcome", outcome);
        return json;
    }
}
