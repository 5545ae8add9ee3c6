package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.home.CurrentRoot;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.Tier;

/**
 * Rids a tier of what former root keys and tenants' keys open (format.md §5.6, §5.7): of what has its like under those of now, read in the same pass, and of no
 * bundle that holds what Home's keyring lacks. Nothing is remembered of earlier passes, and nothing goes in a tier that another Home of
 * this installation writes to: what that one's root key opens is no former one's. For one thread.
 */
final class FormerRoots {
    private static final Logger LOG = LoggerFactory.getLogger(FormerRoots.class);
    /** Between two looks at what could not be deleted. */
    private static final Duration PAUSE = Duration.ofHours(1);
    /** Between two looks at a tier that had nothing of the kind: somebody may bring older objects back. */
    private static final Duration REST = Duration.ofDays(1);
    /** Segments in one step: new studies do not wait for thousands. */
    private static final int AT_ONCE = 4;

    private static final Pattern BUNDLE = Pattern.compile("keys/([0-9]{8})-.*");

    private final Home home;
    private final Tier tier;
    private final TierTable table;
    private final KeyBundles bundles;
    private final Solitude solitude;
    private final Problems problems;
    private final RunningTime time;
    private Optional<Duration> next = Optional.empty();
    private Optional<Pass> pass = Optional.empty();

    /** Whether nobody but this Home writes to the tier, as far as its journals tell. */
    @FunctionalInterface
    interface Solitude {
        /** @throws StrongroomException what the tier throws */
        boolean isAlone() throws IOException;
    }

    FormerRoots(
            Home home,
            Tier tier,
            TierTable table,
            KeyBundles bundles,
            Solitude solitude,
            Problems problems,
            RunningTime time) {
        this.home = home;
        this.tier = tier;
        this.table = table;
        this.bundles = bundles;
        this.solitude = solitude;
        this.problems = problems;
        this.time = time;
    }

    /** One look at the whole tier. */
    private static final class Pass {
        private final TreeMap<Integer, List<String>> segments = new TreeMap<>();
        /** What is still there, and why. */
        private int locked;

        private Instant until = Instant.EPOCH;
        private int kept;
        private final Set<String> stay = new TreeSet<>();
        /** Whether a segment could not be done. */
        private boolean failed;

        private int left() {
            return locked + kept + stay.size();
        }

        private boolean isClean() {
            return left() == 0 && !failed;
        }
    }

    /** The tier may be another one, or what it was before. */
    void doubt() {
        next = Optional.empty();
        pass = Optional.empty();
    }

    /**
     * Does a part of it, if the root key or a tenant's was ever changed and it is time. What only a person can mend is told, and holds up nothing.
     *
     * @return whether there is more to do at once
     * @throws StrongroomException retryable ones, of the tier
     */
    boolean step() throws IOException {
        if (next.filter(at -> time.now().compareTo(at) < 0).isPresent()) {
            return false;
        }
        try {
            FormerKeys former = FormerKeys.latest(home);
            if (former.equals(FormerKeys.NONE)) {
                return false;
            }
            if (!solitude.isAlone()) { // who looks for that tells of it
                pass = Optional.empty();
                next = Optional.of(time.now().plus(PAUSE));
                return false;
            }
            if (pass.isEmpty()) {
                pass = Optional.of(begin());
            }
            return step(pass.get(), former.changed());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            pass = Optional.empty();
            next = Optional.of(time.now().plus(PAUSE));
            problems.raise(problem(), e);
            return false;
        }
    }

    private Pass begin() throws IOException {
        Pass begun = new Pass();
        for (int segment : CurrentRoot.of(home).segments()) {
            begun.segments.put(segment, new ArrayList<>());
        }
        for (String name : names(KeyBundle.PREFIX)) {
            Matcher segment = BUNDLE.matcher(name);
            if (segment.matches()) {
                begun.segments
                        .computeIfAbsent(Integer.parseInt(segment.group(1)), number -> new ArrayList<>())
                        .add(name);
            } else {
                stays(name, "is no key bundle", begun);
            }
        }
        return begun;
    }

    private boolean step(Pass now, Instant changed) throws IOException {
        for (int i = 0; i < AT_ONCE && !now.segments.isEmpty(); i++) {
            // If Home's disk fails in it, it is still to be done: without it the copies would go that its bundles need.
            Map.Entry<Integer, List<String>> segment = now.segments.firstEntry();
            try {
                segment(segment.getKey(), segment.getValue(), now);
            } catch (StrongroomException e) {
                LOG.warn("Segment {} of the keys is left as it is in tier {}", segment.getKey(), tier.name(), e);
                now.stay.addAll(segment.getValue());
                now.failed = true;
                now.segments.remove(segment.getKey());
                return true; // whether the tier is away is asked before each step
            }
            now.segments.remove(segment.getKey());
        }
        if (!now.segments.isEmpty()) {
            return true;
        }
        copies(now);
        lingering(KeyBundle.PREFIX, now);
        if (isRootChanged()) {
            lingering(HomeCopy.PREFIX, now);
        }
        pass = Optional.empty();
        if (!now.failed) {
            table.formerStays(tier.name(), changed, now.stay);
        }
        if (now.isClean()) {
            problems.clear(problem());
            next = Optional.of(time.now().plus(REST));
        } else {
            raise(now);
            next = Optional.of(time.now().plus(PAUSE));
        }
        return false;
    }

    /** What is deleted here and kept by the store is opened by a former key as long as somebody can bring it back. */
    private void lingering(String prefix, Pass now) {
        tier.lingering(prefix).ifPresent(kept -> {
            if (kept.until().isPresent()) {
                now.locked += Math.toIntExact(kept.count());
                now.until = kept.until().get().isAfter(now.until) ? kept.until().get() : now.until;
            } else {
                now.kept += Math.toIntExact(kept.count());
            }
        });
    }

    private List<String> names(String prefix) {
        tier.hidden(prefix).forEach(tier::reveal); // what somebody hid is opened by a former key as well
        List<String> names = new ArrayList<>();
        tier.list(prefix, object -> names.add(object.name()));
        return names;
    }

    private void segment(int segment, List<String> names, Pass pass) throws IOException {
        CurrentRoot root = CurrentRoot.of(home);
        List<KeyRecord> now = bundles.now(segment);
        Map<String, KeyBundle> former = new TreeMap<>();
        Optional<String> newest = Optional.empty();
        boolean isCurrent = false;
        boolean isRootChanged = isRootChanged();
        for (String name : names) {
            Optional<KeyBundle> read = read(name, pass);
            if (read.isEmpty()) {
                continue;
            }
            KeyBundle bundle = read.get();
            if (bundle.records().equals(now)) {
                newest = Optional.of(name);
                isCurrent = true;
            } else if (root.isOfFormerTenantKey(bundle) || (isRootChanged && root.isAnothers(bundle))) {
                former.put(name, bundle);
            } else {
                isCurrent |= !root.isAnothers(bundle);
            }
        }
        boolean isMissing = former.isEmpty() ? !isCurrent : newest.isEmpty();
        // An empty segment has none, so that a recovery tells of it; but where one of before is to go, that may be the
        // last with a tenant's key.
        boolean isWanted = KeyBundles.studys(now) > 0 || (!now.isEmpty() && !former.isEmpty());
        if (isMissing && isWanted) {
            bundles.write(tier, segment);
        } else if (!former.isEmpty() && newest.isPresent()) {
            bundles.believe(tier, segment, newest.get(), now);
        }
        for (Map.Entry<String, KeyBundle> one : former.entrySet()) {
            if (bundles.isReplaceable(segment, one.getValue(), now)) {
                bundles.forget(tier, one.getKey());
                delete(one.getKey(), pass);
            } else {
                stays(one.getKey(), "holds what the keyring lacks, or has otherwise", pass);
            }
        }
    }

    /** If not, what another root key opens is perhaps that of a machine which lives, and this one was made of its tier. */
    private boolean isRootChanged() throws IOException {
        return !FormerKeys.read(home.formerKeys()).equals(FormerKeys.NONE);
    }

    /** One that cannot be got stays, and holds up no other; one that is gone since it was listed is done with. */
    private Optional<KeyBundle> read(String name, Pass pass) throws IOException {
        try {
            Optional<KeyBundle> bundle = KeyBundles.read(tier, name);
            if (bundle.isEmpty()) {
                stays(name, "is no key bundle, or a damaged one", pass);
            }
            return bundle;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            stays(name, "cannot be read, " + e.getMessage(), pass);
            return Optional.empty();
        }
    }

    /** They go last: without them a source whose bundles must stay opens nothing. */
    private void copies(Pass pass) throws IOException {
        if (!isRootChanged()) {
            return;
        }
        CurrentRoot root = CurrentRoot.of(home);
        List<String> names = names(HomeCopy.PREFIX);
        boolean isLast = pass.stay.isEmpty() && !pass.failed && names.containsAll(root.copies());
        for (String name : names) {
            if (root.isAnothers(name)) {
                if (isLast) {
                    delete(name, pass);
                } else {
                    stays(name, "is needed while others stay, or what takes its place is not there", pass);
                }
            }
        }
    }

    private void stays(String name, String why, Pass pass) {
        LOG.warn("{} in tier {} {}: it stays", name, tier.name(), why);
        pass.stay.add(name);
    }

    private void delete(String name, Pass pass) {
        try {
            tier.delete(name);
            LOG.info("{} in tier {} is deleted: a former key opens it", name, tier.name());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            Optional<Instant> until = Locked.until(e);
            if (until.isPresent()) {
                pass.locked++;
                pass.until = until.get().isAfter(pass.until) ? until.get() : pass.until;
            } else {
                LOG.warn("{} in tier {} cannot be deleted: {}", name, tier.name(), e.getMessage());
                pass.kept++;
            }
        }
    }

    private void raise(Pass pass) {
        String until = pass.locked > 0 ? " (" + pass.locked + " of them locked until " + pass.until + ")" : "";
        problems.raise(
                problem(),
                FailureKind.REFUSED,
                pass.left() == 0
                        ? "tier " + tier.name() + " did not take a key bundle under the keys of now"
                        : "tier " + tier.name() + " still holds " + pass.left() + " objects that a former key may open"
                                + until,
                pass.failed || pass.left() > pass.locked
                        ? "Let the tier's credentials delete; look in Home/run/sidecar.log for what is left, and why"
                        : "Nothing: they are deleted when their locks have ended");
    }

    private String problem() {
        return "former/" + tier.name();
    }
}
