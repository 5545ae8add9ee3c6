package org.strongroom.sidecar.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.report.Disclosures;
import org.strongroom.sidecar.report.Document;
import org.strongroom.sidecar.report.HtmlPage;
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

    @ParentCommand
    private AuditCommand audit;

    /** What every report may be told. */
    static final class Wishes {
        @Option(names = "--from", paramLabel = "TIME", description = "From then on, for example 2026-11-19T00:00:00Z.")
        private Instant from;

        @Option(names = "--to", paramLabel = "TIME", description = "Before then. Default: now")
        private Instant to;

        @Option(names = "--zone", paramLabel = "ZONE", description = "Of the times. Default: this machine's")
        private ZoneId zone = ZoneId.systemDefault();

        @Option(names = "--html", paramLabel = "FILE", description = "Write a page to print, instead of text.")
        private Path html;

        @Option(names = "--unindexed", description = "Read every event, not only those that the index names.")
        private boolean unindexed;
    }

    /** Makes a report of what there is. */
    @FunctionalInterface
    private interface Maker {
        Document of(Source source) throws IOException;
    }

    @Command(
            name = "disclosures",
            description = "To whom a patient's images went, and who looked at them: an accounting of disclosures.")
    int disclosures(@Mixin AuditSubject subject, @Mixin Wishes wishes) throws IOException {
        if (!subject.isGiven()) {
            throw StrongroomException.of(FailureKind.REFUSED, "nobody is named")
                    .cure("Name a patient or a study: --patient ID, --study STUDY");
        }
        Map<String, String> studies = subject.keys();
        return tell(wishes, Optional.empty(), source -> Disclosures.of(source, subject.text(), studies));
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
    int scope(@ArgGroup(multiplicity = "1") Suspect suspect, @Mixin Wishes wishes) throws IOException {
        return tell(wishes, Optional.empty(), source -> {
            if (suspect.user != null) {
                return Scope.ofUser(source, suspect.user);
            }
            return suspect.key != null
                    ? Scope.ofKey(source, suspect.key)
                    : Scope.ofTier(source, suspect.tier, packsIn(suspect.tier));
        });
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
    int week(@Mixin Wishes wishes) throws IOException {
        return tell(wishes, Optional.of(WEEK), Week::of);
    }

    private int tell(Wishes wishes, Optional<Duration> usual, Maker maker) throws IOException {
        Session session = audit.session();
        Instant until = Optional.ofNullable(wishes.to).orElseGet(audit::now);
        Optional<Instant> from = Optional.ofNullable(wishes.from).or(() -> usual.map(until::minus));
        Document document = maker.of(new Source(audit.search(session, wishes.unindexed), from, until, wishes.zone));
        session.console().object(document.json());
        if (wishes.html != null) {
            write(wishes.html, HtmlPage.of(document));
            session.console().line(wishes.html.toString());
        } else {
            document.text().forEach(session.console()::line);
        }
        return Console.DONE;
    }

    /** For nobody else to read: it may name a patient. */
    private static void write(Path file, String page) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, page.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }
}
