package org.strongroom.sidecar.marker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.tier.ArchiveClasses;
import org.strongroom.sidecar.tier.GuardedTier;
import org.strongroom.sidecar.tier.Tier;

/** A configured tier that must carry this installation's id. Thread-safe. */
public final class MarkedTier {
    private static final Duration BELIEVED = Duration.ofMinutes(1);
    /** Begin the names of what is made of patients' data; keys and journal are not. */
    private static final List<String> STUDIES = List.of("packs/", "heads/", SnapshotLabel.PREFIX);

    private final Tier tier;
    private final Optional<ArchiveClasses> archive;
    private final UUID installation;
    private final Supplier<Optional<String>> trouble;
    private final BooleanSupplier counting;
    private final RunningTime time;
    private volatile Optional<String> refusal = Optional.empty();
    private final boolean permitted;
    private final Agreement agreement;
    private volatile boolean counts;
    private volatile Optional<String> drainsTo = Optional.empty();
    private volatile boolean drained;
    private volatile boolean seen;
    private volatile boolean fresh;
    private volatile Optional<Duration> checked = Optional.empty();

    /**
     * @param archive the store's archive classes, if it may have some
     * @param trouble the failure of the last call to the store, if it failed
     * @param counting whether a copy here is a copy (not one on Home's own file system); may throw while the store is away
     * @param permitted whether tenants' data may be here; if not, nothing is put here and copies here do not count
     * @param agreement with whoever runs it
     */
    public MarkedTier(
            Tier tier,
            Optional<ArchiveClasses> archive,
            UUID installation,
            Supplier<Optional<String>> trouble,
            BooleanSupplier counting,
            boolean permitted,
            Agreement agreement,
            RunningTime time) {
        this.time = time;
        this.archive = archive;
        this.permitted = permitted;
        this.agreement = agreement;
        this.tier = new GuardedTier(tier, this::reasonAgainst);
        this.installation = installation;
        this.trouble = trouble;
        this.counting = counting;
    }

    public String name() {
        return tier.name();
    }

    public Tier tier() {
        return tier;
    }

    /** Its store's archive classes, if it may have some. */
    public Optional<ArchiveClasses> archive() {
        return archive;
    }

    /**
     * Returns if the tier carries this installation's id, now.
     *
     * @throws StrongroomException UNAVAILABLE if it is away, carries none, or another's
     */
    public void requireOurs() {
        Optional<UUID> marked = TierMarker.read(tier);
        if (marked.isEmpty() && tier.isHidden(TierMarker.OBJECT)) {
            marked = revealed();
        }
        if (marked.isEmpty()) {
            throw refuse("the tier is not marked: an unmounted disk, an emptied bucket, or a new tier", "no marker");
        }
        if (!marked.get().equals(installation)) {
            throw refuse("the tier belongs to another installation", "foreign marker");
        }
        counts = counting.getAsBoolean();
        seen = true;
        checked = Optional.of(time.now());
        refusal = Optional.empty();
    }

    /** Whoever deletes everything in a bucket with versions only hides it, the marker as well. */
    private Optional<UUID> revealed() {
        try {
            tier.reveal(TierMarker.OBJECT);
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            throw refuse("somebody deleted the tier's marker; it is hidden, and may not be revealed", "hidden marker")
                    .causedBy(e);
        }
        return TierMarker.read(tier);
    }

    /** As {@link #requireOurs}, but believes an answer of the last minute: a store may charge for each question. */
    public void expectOurs() {
        boolean believed = checked.filter(last -> time.now().minus(last).compareTo(BELIEVED) <= 0)
                .isPresent();
        if (refusal.isPresent() || !believed) {
            requireOurs();
        }
    }

    private StrongroomException refuse(String text, String shortly) {
        refusal = Optional.of(shortly);
        return StrongroomException.of(FailureKind.UNAVAILABLE, text)
                .with("tier", name())
                .cure("Mount or restore it; if it was replaced on purpose run: strongroom tier add " + name());
    }

    /**
     * Marks a tier that has no marker; one that is marked as ours stays as it is.
     *
     * @throws StrongroomException REFUSED if it is another installation's
     */
    public void mark() {
        Optional<UUID> marked = TierMarker.read(tier);
        if (marked.isEmpty()) {
            TierMarker.write(tier, installation);
            fresh = true;
        } else if (!marked.get().equals(installation)) {
            throw StrongroomException.of(FailureKind.REFUSED, "the tier belongs to another installation")
                    .with("tier", name())
                    .with("installation", marked.get())
                    .cure("Use an empty place, or recover that installation");
        }
        requireOurs();
    }

    private Optional<StrongroomException> reasonAgainst(String object) {
        return reasonAgainstMore()
                .or(() -> STUDIES.stream().anyMatch(object::startsWith) ? agreement.reasonAgainst() : Optional.empty());
    }

    private Optional<StrongroomException> reasonAgainstMore() {
        if (!permitted) {
            return Optional.of(StrongroomException.of(
                            FailureKind.REFUSED, "the tier is outside the jurisdictions that tenants' data may be in")
                    .with("tier", name())
                    .cure("Correct Tenants.NAME.Jurisdictions or Tiers." + name()
                            + ".Jurisdiction, if they are wrong"));
        }
        return drainsTo.map(
                to -> StrongroomException.of(FailureKind.REFUSED, "the tier is drained: nothing is put there")
                        .with("tier", name())
                        .with("to", to)
                        .cure("To use it again run: strongroom tier add " + name()));
    }

    /** Whether tenants' data may be here. */
    public boolean isPermitted() {
        return permitted;
    }

    /** Whether copies are made here: tenants' data may be here, and the tier is not being left. */
    public boolean takesCopies() {
        return permitted && drainsTo.isEmpty();
    }

    /** Whether studies are put here now: {@link #takesCopies}, and whoever runs it has agreed where that is asked for. */
    public boolean takesStudies() {
        return takesCopies() && agreement.reasonAgainst().isEmpty();
    }

    /** With whoever runs it. */
    public Agreement agreement() {
        return agreement;
    }

    /** The tier that gets a copy of everything that is here; empty if this one is not being left. */
    public Optional<String> drainsTo() {
        return drainsTo;
    }

    /** Whether all of it is there. */
    public boolean isDrained() {
        return drained;
    }

    /**
     * From now on nothing is put here. What is here counts for what is to be there, until all of it is.
     *
     * @param done whether all of it is
     */
    public void drain(String to, boolean done) {
        drained = done;
        drainsTo = Optional.of(to);
    }

    /** It is a tier like others again. */
    public void useAgain() {
        drainsTo = Optional.empty();
        drained = false;
    }

    /** Whether copies here count; false until the tier was seen once. */
    public boolean counts() {
        return counts;
    }

    /** Whether it was there, and ours, since the start: only then is it known whether it counts. */
    public boolean isSeen() {
        return seen;
    }

    /** Whether it was marked since this was last asked: what was known of its objects was another's. */
    public boolean takeFresh() {
        boolean was = fresh;
        fresh = false;
        return was;
    }

    /** What is wrong with it, if anything is known to be. */
    public Optional<String> trouble() {
        return refusal.or(trouble);
    }
}
