package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.time.RunningTime;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.problem.Problems;
import org.strongroom.sidecar.tier.Locked;
import org.strongroom.sidecar.tier.Tier;

/**
 * Rids a tier of what former root keys open, when it holds the same under the one of now (format.md §5.6): only what Home's list names,
 * and no bundle that holds what Home's keyring lacks. For one thread.
 */
final class FormerRoots {
    private static final Logger LOG = LoggerFactory.getLogger(FormerRoots.class);
    /** Between two looks at what could not be deleted. */
    private static final Duration PAUSE = Duration.ofHours(1);

    private static final Pattern BUNDLE = Pattern.compile("keys/([0-9]{8})-.*");

    private final Home home;
    private final Tier tier;
    private final TierTable table;
    private final KeyBundles bundles;
    private final Problems problems;
    private final RunningTime time;
    private Optional<Duration> next = Optional.empty();

    FormerRoots(Home home, Tier tier, TierTable table, KeyBundles bundles, Problems problems, RunningTime time) {
        this.home = home;
        this.tier = tier;
        this.table = table;
        this.bundles = bundles;
        this.problems = problems;
        this.time = time;
    }

    /** What is still there, and why. */
    private static final class Left {
        private int locked;
        private Instant until = Instant.EPOCH;
        private int other;
    }

    /**
     * Does it, if Home's list is another one than the tier was last rid of. What only a person can mend is told, and holds up nothing.
     *
     * @throws StrongroomException retryable ones, of the tier
     */
    void remove() throws IOException {
        if (next.filter(at -> time.now().compareTo(at) < 0).isPresent()) {
            return;
        }
        try {
            FormerKeys former = FormerKeys.read(home.formerKeys());
            if (!former.equals(FormerKeys.NONE) && !isRemembered("former/gone/", digest(former))) {
                remove(former, digest(former));
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            next = Optional.of(time.now().plus(PAUSE));
            problems.raise(problem(), e);
        }
    }

    private void remove(FormerKeys former, String list) throws IOException {
        if (!isRemembered("former/written/", list)) {
            bundles.writeAll(tier);
            table.remember("former/written/" + tier.name(), list);
        }
        Left left = new Left();
        for (String name : names("keys/")) {
            removeBundle(name, former, left);
        }
        for (String name : names(HomeCopy.PREFIX)) {
            if (former.copies().contains(name)) {
                delete(name, left);
            }
        }
        if (left.locked + left.other == 0) {
            table.remember("former/gone/" + tier.name(), list);
            problems.clear(problem());
            next = Optional.empty();
        } else {
            raise(left);
            next = Optional.of(time.now().plus(PAUSE));
        }
    }

    private boolean isRemembered(String what, String list) {
        return table.remembered(what + tier.name()).filter(list::equals).isPresent();
    }

    private static String digest(FormerKeys former) {
        StringBuilder all = new StringBuilder();
        new TreeSet<>(former.tenants()).forEach(all::append);
        new TreeSet<>(former.copies()).forEach(all::append);
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).toString();
    }

    private List<String> names(String prefix) {
        List<String> names = new ArrayList<>();
        tier.list(prefix, object -> names.add(object.name()));
        return names;
    }

    private void removeBundle(String name, FormerKeys former, Left left) throws IOException {
        Matcher segment = BUNDLE.matcher(name);
        Optional<KeyBundle> bundle = KeyBundles.read(tier, name);
        if (bundle.isEmpty() || !segment.matches()) {
            LOG.warn("{} in tier {} is no key bundle, or a damaged one: it stays", name, tier.name());
            left.other++;
        } else if (!former.open(bundle.get())) {
            return;
        } else if (!bundles.isReplaceable(Integer.parseInt(segment.group(1)), bundle.get())) {
            LOG.warn("{} in tier {} holds what the keyring lacks: it stays", name, tier.name());
            left.other++;
        } else {
            delete(name, left);
        }
    }

    private void delete(String name, Left left) {
        try {
            tier.delete(name);
            LOG.info("{} in tier {} is deleted: a former root key opens it", name, tier.name());
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            Optional<Instant> until = Locked.until(e);
            if (until.isPresent()) {
                left.locked++;
                left.until = until.get().isAfter(left.until) ? until.get() : left.until;
            } else {
                LOG.warn("{} in tier {} cannot be deleted: {}", name, tier.name(), e.getMessage());
                left.other++;
            }
        }
    }

    private void raise(Left left) {
        String until = left.locked > 0 ? " (" + left.locked + " of them locked until " + left.until + ")" : "";
        problems.raise(
                problem(),
                FailureKind.REFUSED,
                "tier " + tier.name() + " still holds " + (left.locked + left.other)
                        + " objects that a former root key may open" + until,
                left.other > 0
                        ? "Let the tier's credentials delete; look in Home/run/sidecar.log for what is left, and why"
                        : "Nothing: they are deleted when their locks have ended");
    }

    private String problem() {
        return "former/" + tier.name();
    }
}
