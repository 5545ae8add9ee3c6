package org.strongroom.sidecar.finding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.sidecar.ledger.Ledger;
import org.strongroom.sidecar.ledger.Totals;
import org.strongroom.sidecar.ledger.Totals.TierSum;
import org.strongroom.sidecar.marker.MarkedTier;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.problem.Problems;

/** Puts together what is wrong. Thread-safe. */
public final class Findings {
    public static final Problem NO_PLUGIN = new Problem(
            FailureKind.UNAVAILABLE,
            "no plugin asks for work: new copies get no receipts",
            "Start Orthanc with the plugin");

    /** The number of a pack at the end of a problem's name. */
    private static final Pattern PACK = Pattern.compile("/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");
    /** Begins the names of the problems of damaged copies, before the tier's. */
    private static final String DAMAGED = "fetch/";

    private static final String QUARANTINE = "quarantine";

    private final Ledger ledger;
    private final Tiers tiers;
    private final Problems problems;
    private final BooleanSupplier connected;
    private final BooleanSupplier missed;
    private final LongSupplier quarantined;
    private final Supplier<List<String>> emergencies;
    private final Supplier<Optional<String>> directory;
    private final Supplier<Optional<String>> provider;
    private final Supplier<Map<String, Problem>> surpluses;

    /**
     * @param connected whether a plugin asks for work
     * @param missed whether none has asked for so long that it does not just start
     * @param quarantined how many studies are nobody's
     * @param emergencies ids of those that nobody has reviewed
     * @param directory why the directory of users does not answer; empty if it does
     * @param provider the same of the OpenID Connect provider
     * @param surpluses what tiers hold of tenants whose studies do not go there
     */
    public Findings(
            Ledger ledger,
            Tiers tiers,
            Problems problems,
            BooleanSupplier connected,
            BooleanSupplier missed,
            LongSupplier quarantined,
            Supplier<List<String>> emergencies,
            Supplier<Optional<String>> directory,
            Supplier<Optional<String>> provider,
            Supplier<Map<String, Problem>> surpluses) {
        this.ledger = ledger;
        this.tiers = tiers;
        this.problems = problems;
        this.connected = connected;
        this.missed = missed;
        this.quarantined = quarantined;
        this.emergencies = emergencies;
        this.directory = directory;
        this.provider = provider;
        this.surpluses = surpluses;
    }

    /** Every problem of this moment, by its name. */
    public Map<String, Problem> all(Totals totals) {
        Map<String, Problem> all = raisedAndCounted(totals, quarantined.getAsLong());
        if (!connected.getAsBoolean()) {
            all.put("plugin", NO_PLUGIN);
        }
        return all;
    }

    private Map<String, Problem> raisedAndCounted(Totals totals, long nobodys) {
        Map<String, Problem> all = new LinkedHashMap<>(problems.byName());
        if (totals.lost() > 0) {
            all.put("lost", lost(totals));
        }
        if (nobodys > 0) {
            all.put(QUARANTINE, quarantine(nobodys));
        }
        // Each by itself: each is told of.
        emergencies.get().forEach(id -> all.put("emergency-" + id, emergency(id)));
        directory.get().ifPresent(why -> all.put("directory", silent(why)));
        provider.get().ifPresent(why -> all.put("provider", silentProvider(why)));
        for (MarkedTier tier : tiers.all()) {
            tier.agreement().problem().ifPresent(problem -> all.put("agreement/" + tier.name(), problem));
            if (tier.isSeen() && !tier.counts()) {
                all.put("same-disk/" + tier.name(), doesNotCount(tier));
            }
        }
        all.putAll(surpluses.get());
        for (MarkedTier tier : tiers.all()) {
            long held = totals.tiers().getOrDefault(tier.name(), TierSum.NONE).objects();
            if (!tier.isPermitted() && held > 0) {
                all.put(
                        "residency/" + tier.name(),
                        new Problem(
                                FailureKind.REFUSED,
                                "tier " + tier.name() + " is outside the tenants' jurisdictions and holds " + held
                                        + " packs",
                                "Run strongroom tier trim " + tier.name()
                                        + " --delete, which deletes what the other tiers"
                                        + " have; then empty it, and take it out of the settings"));
            }
        }
        return all;
    }

    /** What a person should be told of: everything that does not just begin, all packs with one trouble in one tier as one. */
    public Map<String, Finding> lasting() {
        Totals totals = Totals.of(ledger);
        Map<String, Problem> first = new TreeMap<>();
        Map<String, Long> count = new TreeMap<>();
        long nobodys = quarantined.getAsLong();
        raisedAndCounted(totals, nobodys).forEach((name, problem) -> {
            String group = PACK.matcher(name).replaceFirst("");
            first.putIfAbsent(group, problem);
            count.merge(group, 1L, Long::sum);
        });
        if (missed.getAsBoolean()) {
            first.put("plugin", NO_PLUGIN);
            count.put("plugin", 1L);
        }
        totals.tiers().forEach((tier, sum) -> {
            if (sum.damaged() > 0) {
                first.putIfAbsent(
                        DAMAGED + tier,
                        new Problem(
                                FailureKind.CORRUPT,
                                "copies in tier " + tier + " are damaged or gone",
                                "Check the tier"));
                count.merge(DAMAGED + tier, sum.damaged(), Math::max);
            }
        });
        Map<String, Finding> lasting = new TreeMap<>();
        first.forEach((group, problem) -> lasting.put(
                group,
                group.equals(QUARANTINE)
                        ? new Finding(problem, nobodys) // told again when there are many more
                        : Finding.of(problem, count.get(group))));
        return lasting;
    }

    /** Of totals in which something is. */
    public static Problem lost(Totals totals) {
        return new Problem(
                FailureKind.CORRUPT,
                totals.lost() + " sealed files vanished from the spool before any tier had them",
                "Put them back from Home/quarantine, the mirror or a backup, or send the instances again");
    }

    private static Problem silent(String why) {
        return new Problem(
                FailureKind.UNAVAILABLE,
                "no server of the users' directory answers: its users cannot log in, those of the settings can (" + why
                        + ")",
                "See that a server of Access.Directory.Servers runs and is reached, and that BindDN's password and the"
                        + " certificates are right");
    }

    private static Problem silentProvider(String why) {
        return new Problem(
                FailureKind.UNAVAILABLE,
                "the OpenID Connect provider is of no use: its users cannot log in, those of the settings can (" + why
                        + ")",
                "See that the provider of Access.OpenIdConnect runs and is reached, and that Issuer, ClientId, its secret"
                        + " and the certificates are right");
    }

    private static Problem emergency(String id) {
        return new Problem(
                FailureKind.REFUSED,
                "somebody has opened a patient in an emergency, and nobody has reviewed it (" + id + ")",
                "Look at it: /strongroom/emergency, or strongroom breakglass list");
    }

    private static Problem quarantine(long studies) {
        return new Problem(
                FailureKind.REFUSED,
                studies == 1
                        ? "1 study waits in quarantine: it is nobody's, or was sent into another tenant's"
                        : studies
                                + " studies wait in quarantine: they are nobody's, or were sent into another tenant's",
                "See docs/access.md: name the sender in a tenant's Sources; give what is there to its owner, or delete it and"
                        + " end the hold");
    }

    public static Problem doesNotCount(MarkedTier tier) {
        return new Problem(
                FailureKind.REFUSED,
                "tier " + tier.name() + " is on Home's own disk: its copies do not count, nothing is evicted for them",
                "Use another disk, or for a trial set AllowSameDisk");
    }
}
