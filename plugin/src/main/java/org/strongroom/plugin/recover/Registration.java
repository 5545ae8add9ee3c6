package org.strongroom.plugin.recover;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.FsckLine.Repair;
import org.strongroom.core.control.Kept;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.RepairRequest;
import org.strongroom.core.control.RepairResult;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/**
 * Has an Orthanc whose index is lost list again what is sealed: each image is read from its tier, opened, handed to Orthanc, and what
 * Orthanc stores is compared with it and becomes one more name of it. What is done is seen by comparing, so it may be begun again at
 * any time. Used by one thread.
 */
public final class Registration {
    /** A batch that is interrupted is given back once more. */
    private static final int AT_ONCE = 20;
    /** For each of these requests Orthanc's index is walked once. */
    private static final int REMOVED_AT_ONCE = 1_000;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** So long copies in the tier may be checked without one getting its receipt, until that counts as a finding. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int SPEED_SAMPLE = 4 << 20;
    private static final String STILL_LISTED =
            "Orthanc still lists what was deleted after the snapshot, and could take one for the other";

    private final Home home;
    private final Runnable requireAlive;
    private final Sleeper sleeper;
    private final RunningTime time;
    private final Watcher watcher;
    private final Map<String, Long> kept = new TreeMap<>();
    /** Why something was not deleted again. */
    private final Map<String, Long> notRemoved = new TreeMap<>();

    private long images;
    private long removed;

    /** @param requireAlive throws if there is no Orthanc any more that could be waited for */
    public Registration(Home home, Runnable requireAlive, Sleeper sleeper, RunningTime time, Watcher watcher) {
        this.home = home;
        this.requireAlive = requireAlive;
        this.sleeper = sleeper;
        this.time = time;
        this.watcher = watcher;
    }

    /** Told how it goes. */
    public interface Watcher {
        /** What there is to do, before it is begun. */
        void plan(Plan plan);

        void show(long done, long all, String words);
    }

    /**
     * What there is to do.
     *
     * @param bytes of the packs that are read for it, at most
     * @param bytesPerSecond that the tier gave now; empty if that could not be tried
     */
    public record Plan(long images, long packs, long bytes, Optional<Long> bytesPerSecond) {
        /** How long reading takes, if the tier goes on as it does. */
        public Optional<Duration> reading() {
            return bytesPerSecond.map(speed -> Duration.ofSeconds(bytes / Math.max(1, speed)));
        }
    }

    /**
     * What was done.
     *
     * @param registered images that Orthanc did not list and lists now
     * @param listed attachments that its index knows now
     * @param removed attachments that were deleted after the snapshot of the index was made, and are deleted again
     * @param forgotten sealed files that were deleted before the loss, and stay so
     * @param others attachments that are no images: nobody knows any more what they were attached to
     * @param left images that Orthanc does not list, by reason
     * @param notRemoved of those that were to be deleted again, by reason: nothing more is listed then
     * @param wrong what else is missing or damaged
     * @param notCompared what could not be looked at
     */
    public record Outcome(
            long registered,
            long listed,
            long removed,
            long forgotten,
            long others,
            List<Kept> left,
            List<Kept> notRemoved,
            long unregistered,
            List<Finding> wrong,
            List<String> notCompared) {
        /** Whether Orthanc lists every image, and every one is where it belongs. */
        public boolean whole() {
            return unregistered == 0 && wrong.isEmpty() && notCompared.isEmpty();
        }
    }

    /** Registers everything. */
    public Outcome run() throws IOException, InterruptedException {
        Comparison now = compare();
        if (!now.toRemove.isEmpty()) {
            // First: an image that came again under another name must not be taken for the one that was deleted.
            removed = remove(now.toRemove);
            now = compare();
        }
        if (now.mayRegister()) {
            watcher.plan(plan(now.toRegister));
        }
        boolean progress = true;
        while (now.mayRegister() && progress) {
            long before = images;
            kept.clear();
            register(now.toRegister);
            progress = images > before;
            now = compare();
        }
        return new Outcome(
                images,
                now.result.attachments(),
                removed,
                now.result.forgotten(),
                now.others,
                now.toRegister.isEmpty() ? List.of() : left(now),
                now.toRemove.isEmpty() ? List.of() : reasons(notRemoved),
                now.toRegister.size(),
                now.wrong,
                now.result.notAsked());
    }

    private List<Kept> left(Comparison last) {
        return last.toRemove.isEmpty() ? reasons(kept) : List.of(new Kept(STILL_LISTED, last.toRegister.size()));
    }

    private static List<Kept> reasons(Map<String, Long> all) {
        return all.entrySet().stream()
                .map(entry -> new Kept(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** What one comparison found. */
    private static final class Comparison {
        private final List<Finding> toRegister = new ArrayList<>();
        /** What Orthanc deleted after its index was copied. */
        private final List<Finding> toRemove = new ArrayList<>();

        private final List<Finding> wrong = new ArrayList<>();
        /** What the tier holds in copies that were not looked at yet: whether Orthanc lists it is not asked before. */
        private final List<Finding> unchecked = new ArrayList<>();

        private long others;
        private FsckLine.Result result;

        private boolean mayRegister() {
            return toRemove.isEmpty() && !toRegister.isEmpty();
        }

        private void add(FsckLine line) {
            if (line instanceof FsckLine.Result last) {
                result = last;
            } else if (line instanceof Finding finding) {
                if (finding.repair() == Repair.removeAgain) {
                    toRemove.add(finding);
                    wrong.add(finding);
                } else if (finding.repair() == Repair.giveBack) {
                    toRegister.add(finding);
                } else if (finding.kind() == Kind.missing || finding.kind() == Kind.corrupt) {
                    wrong.add(finding);
                } else if (finding.kind() == Kind.orphan) {
                    addOrphan(finding);
                }
            }
        }

        private void addOrphan(Finding finding) {
            if (finding.attachment() != null) {
                if (finding.tier() == null && finding.file() == null) {
                    unchecked.add(finding);
                } else {
                    others++;
                }
            } else if (finding.tier() != null && finding.repair() == null) {
                wrong.add(finding); // a pack that could not be read: nobody knows what is in it
            }
        }
    }

    private Comparison compare() throws IOException, InterruptedException {
        int unchecked = Integer.MAX_VALUE;
        Duration since = time.now();
        while (true) {
            requireAlive.run();
            try {
                Comparison found = new Comparison();
                ControlClient sidecar = ControlClient.connect(home);
                sidecar.fsckAfterLoss(line -> {
                    found.add(line);
                    if (line instanceof FsckLine.Progress progress) {
                        watcher.show(progress.done(), progress.all(), progress.step());
                    }
                });
                if (found.unchecked.size() < unchecked) {
                    unchecked = found.unchecked.size();
                    since = time.now();
                }
                boolean patient = time.now().minus(since).compareTo(PATIENCE) < 0;
                if (!found.unchecked.isEmpty() && patient) {
                    watcher.show(0, 0, unchecked + " images wait until their copies in the tier are checked");
                } else if (found.result != null && found.result.index().equals("plugin")) {
                    found.wrong.addAll(found.unchecked);
                    found.wrong.addAll(new StudiesWithoutKey(home).find(sidecar));
                    // By pack, so that each is read once and in order; by file where there is none.
                    found.toRegister.sort(
                            Comparator.comparing(Finding::object, Comparator.nullsFirst(Comparator.naturalOrder())));
                    return found;
                }
            } catch (StrongroomException e) {
                if (!e.kind().retryable()) {
                    throw e;
                }
                watcher.show(0, 0, why(e)); // it starts, or reads what the tier holds
            }
            sleeper.sleep(PAUSE);
        }
    }

    /** Which tier the ledger waits for, if that is it. */
    private String why(StrongroomException waiting) {
        if (!waiting.text().equals(Protocol.REBUILDING)) {
            return waiting.text();
        }
        try {
            return ControlClient.connect(home).status().problems().stream()
                    .map(Status.Problem::message)
                    .filter(message -> message.startsWith(Protocol.REBUILDING))
                    .findFirst()
                    .orElse(waiting.text());
        } catch (StrongroomException e) {
            return waiting.text();
        }
    }

    private long remove(List<Finding> all) throws InterruptedException {
        long done = 0;
        for (int from = 0; from < all.size(); from += REMOVED_AT_ONCE) {
            requireAlive.run();
            List<Finding> some = all.subList(from, Math.min(all.size(), from + REMOVED_AT_ONCE));
            watcher.show(from, all.size(), "deleting what was deleted after the snapshot");
            RepairResult result = ControlClient.connect(home).repair(new RepairRequest(some, true));
            done += result.done();
            result.kept().forEach(one -> notRemoved.merge(one.reason(), one.instances(), Long::sum));
        }
        return done;
    }

    private Plan plan(List<Finding> toRegister) {
        Set<String> wanted = new HashSet<>();
        toRegister.stream().filter(one -> one.object() != null).forEach(one -> wanted.add(one.object()));
        Map<String, Long> packs = new HashMap<>();
        ControlClient sidecar = ControlClient.connect(home);
        sidecar.packs(pack -> note(pack, wanted, packs));
        Optional<Finding> sample = toRegister.stream()
                .filter(one -> packs.containsKey(one.object()))
                .findFirst();
        return new Plan(
                toRegister.size(),
                packs.size(),
                packs.values().stream().mapToLong(Long::longValue).sum(),
                sample.flatMap(one -> speed(sidecar, one, packs.get(one.object()))));
    }

    private static void note(PackLine pack, Set<String> wanted, Map<String, Long> packs) {
        String name = PackPrologue.objectName(pack.pack());
        if (wanted.contains(name)) {
            packs.put(name, pack.bytes());
        }
    }

    private Optional<Long> speed(ControlClient sidecar, Finding sample, long size) {
        int length = (int) Math.min(SPEED_SAMPLE, size);
        Duration begun = time.now();
        try {
            sidecar.tierSource(sample.tier(), sample.object(), size).read(0, length);
        } catch (IOException | StrongroomException e) {
            return Optional.empty();
        }
        long millis = Math.max(1, time.now().minus(begun).toMillis());
        return Optional.of(length * 1000L / millis);
    }

    private void register(List<Finding> all) throws InterruptedException {
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            requireAlive.run();
            List<Finding> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
            try {
                RepairResult result = ControlClient.connect(home).repair(new RepairRequest(some, true));
                images += result.done();
                result.kept().forEach(one -> kept.merge(one.reason(), one.instances(), Long::sum));
            } catch (StrongroomException e) {
                if (e.kind() != FailureKind.UNAVAILABLE) {
                    throw e;
                }
                kept.merge(e.text(), (long) some.size(), Long::sum);
                sleeper.sleep(PAUSE);
            }
            watcher.show(from + some.size(), all.size(), images + " images listed again");
        }
    }
}
