package org.strongroom.sidecar.cli;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.cli.Table;
import org.strongroom.core.settings.AgreementSettings;
import org.strongroom.core.settings.TierSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "list",
        description =
                "The tiers of the settings, who runs them, and the agreements with those. Fails if one has ended, or if one is"
                        + " missing where they are required.")
final class TierListCommand implements Callable<Integer> {
    @ParentCommand
    private TierCommand parent;

    /**
     * One tier.
     *
     * @param kind directory, s3 or azure
     * @param provider null if the settings do not say, as all that follows
     * @param with null if it is waived, or none is recorded
     * @param holds today
     */
    record Line(
            String tier,
            String kind,
            String provider,
            String jurisdiction,
            String with,
            String signed,
            String until,
            String document,
            String waived,
            String by,
            boolean holds) {
        static Line of(String name, TierSettings tier, LocalDate today) {
            Optional<AgreementSettings> agreement = tier.agreement();
            return new Line(
                    name,
                    tier.directory().isPresent() ? "directory" : tier.s3().isPresent() ? "s3" : "azure",
                    tier.provider().orElse(null),
                    tier.jurisdiction().orElse(null),
                    agreement.flatMap(AgreementSettings::with).orElse(null),
                    agreement
                            .flatMap(AgreementSettings::signed)
                            .map(LocalDate::toString)
                            .orElse(null),
                    agreement
                            .flatMap(AgreementSettings::until)
                            .map(LocalDate::toString)
                            .orElse(null),
                    agreement.flatMap(AgreementSettings::document).orElse(null),
                    agreement.flatMap(AgreementSettings::waived).orElse(null),
                    agreement.flatMap(AgreementSettings::by).orElse(null),
                    agreement.filter(each -> each.holds(today)).isPresent());
        }

        boolean isRecorded() {
            return with != null || waived != null;
        }

        String agreement() {
            return with != null ? with : waived != null ? "waived by " + by + ": " + waived : "none recorded";
        }
    }

    @Override
    public Integer call() {
        Session session = parent.main.session();
        boolean required = session.configuration().settings().requireAgreements();
        LocalDate today = LocalDate.ofInstant(parent.main.clock.instant(), ZoneId.systemDefault());
        List<Line> lines = new ArrayList<>();
        session.configuration().settings().tiers().forEach((name, tier) -> lines.add(Line.of(name, tier, today)));
        session.console().object(Map.of("required", required, "tiers", lines));
        Table table = new Table("TIER", "KIND", "PROVIDER", "JURISDICTION", "AGREEMENT", "UNTIL", "DOCUMENT");
        for (Line line : lines) {
            table.row(
                    line.tier(),
                    line.kind(),
                    text(line.provider()),
                    text(line.jurisdiction()),
                    line.agreement(),
                    line.until() == null ? "" : line.until() + (line.holds() ? "" : " ENDED"),
                    text(line.document()));
        }
        table.lines().forEach(session.console()::line);
        boolean right = lines.stream().allMatch(line -> line.holds() || !(required || line.isRecorded()));
        return right ? Console.DONE : Console.NOT_DONE;
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
