package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Moment;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.settings.UserSettings;
import org.strongroom.core.settings.Users;
import org.strongroom.sidecar.audit.AnchorVerification;
import org.strongroom.sidecar.audit.Verdict;
import org.strongroom.sidecar.report.Disclosures;
import org.strongroom.sidecar.report.Document;
import org.strongroom.sidecar.report.Evidence;
import org.strongroom.sidecar.report.HtmlPage;
import org.strongroom.sidecar.report.PdfPages;
import org.strongroom.sidecar.report.Scope;
import org.strongroom.sidecar.report.Source;
import org.strongroom.sidecar.report.Week;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "report", description = "What people ask the log, as text, as a page to print, or with --json.")
final class AuditReportCommand {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration YEAR = Duration.ofDays(365);

    @ParentCommand
    private AuditCommand audit;

    /** Of what time a report is. */
    static final class Times {
        @Option(names = "--from", paramLabel = "TIME", description = "From then on: " + AuditCommand.TIME)
        private Moment from;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                description = "Before then; of a day, before it is over. Default: now")
        private Moment to;

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "Of the times, those that are typed as well. Default: this machine's")
        private ZoneId zone = ZoneId.systemDefault();

        @Option(names = "--unindexed", description = "Read every event, not only those that the index names.")
        private boolean unindexed;
    }

    /** In what form people read it, beside text. */
    static final class Forms {
        @Option(names = "--html", paramLabel = "FILE", description = "Write a page to print, instead of text.")
        private Path html;

        @Option(
                names = "--pdf",
                paramLabel = "FILE",
                description = "Write PDF, instead of text; letters that are not of Western Europe are a question mark.")
        private Path pdf;
    }

    /** Makes a report of what there is. */
    @FunctionalInterface
    private interface Maker {
        Document of(Source source) throws IOException;
    }

    @Command(
            name = "disclosures",
            description = "To whom a patient's images went, and who looked at them: an accounting of disclosures.")
    int disclosures(@Mixin AuditSubject subject, @Mixin Times times, @Mixin Forms forms) throws IOException {
        if (!subject.isGiven()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nobody is named")
                    .cure("Name a patient or a study: --patient ID, --study STUDY");
        }
        Map<String, String> studies = subject.keys();
        if (studies.isEmpty()) { // "nobody had them" would be believed, and may be wrong
            throw StrongroomException.of(FailureKind.NOT_FOUND, AuditSubject.NOTHING)
                    .cure(AuditSubject.CURE);
        }
        return tell(
                "disclosures",
                studies.keySet(),
                times,
                forms,
                Optional.empty(),
                source -> Disclosures.of(source, subject.text(), studies));
    }

    /** Whose fault it may have been. */
    static final class Suspect {
        @Option(names = "--user", paramLabel = "NAME", description = "This account: what it did.")
        private String user;

        @Option(
                names = "--key",
                paramLabel = "KEY",
                description = "This study key: what it seals, and who had to do with it.")
        private String key;

        @Option(
                names = "--tier",
                paramLabel = "NAME",
                description = "This tier: what it holds. The sidecar has to run.")
        private String tier;
    }

    @Command(
            name = "scope",
            description =
                    "What an account, a key or a tier could have exposed between two times: the scope of a breach.")
    int scope(@ArgGroup(multiplicity = "1") Suspect suspect, @Mixin Times times, @Mixin Forms forms)
            throws IOException {
        return tell(
                "scope",
                suspect.key == null ? Set.of() : Set.of(suspect.key),
                times,
                forms,
                Optional.empty(),
                source -> {
                    if (suspect.user != null) {
                        return Scope.ofUser(source, suspect.user, rights(suspect.user));
                    }
                    return suspect.key != null
                            ? Scope.ofKey(source, suspect.key)
                            : Scope.ofTier(source, suspect.tier, packsIn(suspect.tier));
                });
    }

    /** Of a user of the settings. In a copy of the log these are others', and the users' file may be Orthanc's alone to read. */
    private Optional<UserSettings> rights(String user) {
        if (audit.isCopy()) {
            return Optional.empty();
        }
        Settings settings = audit.session().configuration().settings();
        try {
            return Optional.ofNullable(Users.of(settings).get(user));
        } catch (StrongroomException e) {
            audit.session().console().note("The users' file is not read: " + e.text());
            return Optional.ofNullable(settings.access().users().get(user));
        }
    }

    private List<PackLine> packsIn(String tier) {
        Session session = audit.session();
        if (!session.configuration().settings().tiers().containsKey(tier)) {
            throw StrongroomException.of(FailureKind.NOT_FOUND, "no such tier in the settings")
                    .with("tier", tier);
        }
        List<PackLine> packs = new ArrayList<>();
        session.sidecar().packs(pack -> {
            if (pack.tiers().contains(tier)) {
                packs.add(pack);
            }
        });
        return packs;
    }

    @Command(
            name = "week",
            description = "What was done in the last seven days, or in others, and what of it a person should look at.")
    int week(@Mixin Times times, @Mixin Forms forms) throws IOException {
        return tell("week", Set.of(), times, forms, Optional.of(WEEK), Week::of);
    }

    private int tell(String report, Set<String> keys, Times times, Forms forms, Optional<Duration> usual, Maker maker)
            throws IOException {
        Session session = audit.session();
        audit.tellRead(session, "audit report " + report, keys);
        Document document = maker.of(source(session, times, usual));
        session.console().object(document.json());
        if (forms.html != null) {
            write(forms.html, HtmlPage.of(document).getBytes(StandardCharsets.UTF_8));
            session.console().line(forms.html.toString());
        }
        if (forms.pdf != null) {
            write(forms.pdf, PdfPages.of(document));
            session.console().line(forms.pdf.toString());
        }
        if (forms.html == null && forms.pdf == null) {
            document.text().forEach(session.console()::line);
        }
        return Console.DONE;
    }

    private Source source(Session session, Times times, Optional<Duration> usual) throws IOException {
        Instant now = audit.now();
        TimeSpan typed = TimeSpan.of(times.from, times.to, times.zone, now);
        Instant until = typed.until().orElse(now);
        Optional<Instant> from = typed.until(until).from().or(() -> usual.map(until::minus));
        return new Source(audit.search(session, times.unindexed), from, until, times.zone);
    }

    @Command(
            name = "evidence",
            description =
                    "What there is to show for the rules of HIPAA's security that Strongroom has to do with: what is"
                            + " set, what was recorded in a year, or in another time. A page, the same as PDF and JSON,"
                            + " and proofs, which name users and addresses, in a folder. Fails if the log is not whole.")
    int evidence(
            @Mixin Times times,
            @Option(
                            names = "--into",
                            paramLabel = "DIR",
                            required = true,
                            description = "Write it into this folder, which does not exist yet.")
                    Path into,
            @Option(
                            names = "--tier",
                            paramLabel = "NAME",
                            description =
                                    "Hold the log against the copy in this tier as well, all of which is read; may be"
                                            + " given again. It is held against what the witnesses of the settings signed"
                                            + " anyway.")
                    List<String> tiers)
            throws IOException, InterruptedException {
        Session session = audit.session();
        Path log = audit.log(session);
        audit.tellRead(session, "audit report evidence", Set.of());
        HeldAgainst against = HeldAgainst.settings(audit, false);
        AnchorVerification.Outcome outcome = against.verify(
                Optional.empty(), List.of(), Optional.ofNullable(tiers).orElse(List.of()), List.of());
        Verdict verdict = outcome.verdict();
        Evidence evidence = Evidence.of(
                source(session, times, Optional.of(YEAR)),
                session.configuration().settings(),
                verdict,
                others(against, outcome),
                LocalDate.ofInstant(audit.now(), times.zone));
        EvidenceFolder.write(into, evidence, verdict, log);
        session.console().object(evidence.document().json());
        session.console()
                .line(into + (verdict.ok() ? "" : ": the log is NOT whole; look at proof/verified.json in it"));
        return verdict.ok() ? Console.DONE : Console.NOT_DONE;
    }

    /** Who else holds the log to what it was, and how much of it. */
    private static Map<String, Long> others(HeldAgainst against, AnchorVerification.Outcome outcome) {
        Map<String, Long> others = new TreeMap<>();
        outcome.anchored().forEach((tier, events) -> others.put("tier " + tier, events));
        against.witnesses().forEach((name, seen) -> others.put("witness " + name, seen == null ? 0 : seen.events()));
        return others;
    }

    /** For nobody else to read: it may name a patient. */
    private static void write(Path file, byte[] page) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, page, StandardOpenOption.WRITE);
    }
}
