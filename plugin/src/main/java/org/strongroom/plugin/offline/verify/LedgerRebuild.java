package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.strongroom.core.cli.Amounts;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.control.Status;
import org.strongroom.core.control.Status.Problem;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.SidecarLock;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.time.Sleeper;

/**
 * Has the sidecar make its ledger anew, of the files here and of what the tiers hold: it is no more than a list of both. The one there is
 * is set aside, whole, and never read again. For one thread.
 */
final class LedgerRebuild {
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** So often a tier is waited for of which nothing more is read. */
    private static final int LOOKS = 300;

    private static final int LOOKS_AT_AN_END = 20;
    /** SQLite's file, and what it keeps beside it: the log holds what was written last. */
    private static final List<String> PARTS = List.of("", "-wal", "-shm");

    private final Optional<Path> before;
    private final Map<String, Long> packs = new TreeMap<>();

    private LedgerRebuild(Optional<Path> before) {
        this.before = before;
    }

    /** Something that cannot be done while the ledger is made. */
    @FunctionalInterface
    interface Needing<T> {
        T get() throws IOException, InterruptedException;
    }

    /**
     * Sets the ledger aside, if there is one; for whoever holds Home's lock.
     *
     * @throws StrongroomException UNAVAILABLE if a sidecar has it
     */
    static LedgerRebuild begin(Home home, Instant now, Sleeper sleeper) throws IOException, InterruptedException {
        SidecarLock lock = take(home, sleeper);
        try (lock) {
            return new LedgerRebuild(setAside(home, now));
        }
    }

    /** A sidecar that answers nobody any more may have it still, while it ends. */
    private static SidecarLock take(Home home, Sleeper sleeper) throws IOException, InterruptedException {
        Optional<SidecarLock> lock = SidecarLock.take(home);
        for (int look = 0; look < LOOKS_AT_AN_END && lock.isEmpty(); look++) {
            sleeper.sleep(LOOK);
            lock = SidecarLock.take(home);
        }
        return lock.orElseThrow(() -> StrongroomException.of(FailureKind.UNAVAILABLE, "a sidecar uses the ledger")
                .cure("It ends by itself within minutes of Orthanc; try again"));
    }

    private static Optional<Path> setAside(Home home, Instant now) throws IOException {
        Path ledger = home.ledger();
        if (!Files.exists(ledger)) {
            return Optional.empty();
        }
        Path aside = aside(home, now);
        // The file itself first: without it SQLite uses nothing of the others, but not the other way round.
        for (String part : PARTS) {
            Path file = ledger.resolveSibling(ledger.getFileName() + part);
            if (Files.exists(file)) {
                Files.move(file, aside.resolveSibling(aside.getFileName() + part));
            }
        }
        DurableFiles.fsyncDirectory(home.root());
        return Optional.of(aside);
    }

    private static Path aside(Home home, Instant now) {
        return home.ledger().resolveSibling(home.ledger().getFileName() + ".before-" + now.toEpochMilli());
    }

    /** Only tells what {@link #begin} would do. */
    static int tell(Console console, Home home, Iterable<String> tiers, Instant now) throws IOException {
        boolean there = Files.exists(home.ledger());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dryRun", true);
        json.put("ledger", there ? home.ledger().toString() : null);
        json.put("bytes", there ? Files.size(home.ledger()) : 0);
        json.put("tiers", tiers);
        console.object(json);
        console.line(
                there
                        ? "The ledger would be set aside as " + aside(home, now) + ", and made anew"
                        : "There is no ledger: it would be made anew");
        console.line("Of each pack in these tiers three small pieces would be read: " + String.join(", ", tiers));
        return Console.DONE;
    }

    /**
     * What {@code needing} gives, once the ledger is made.
     *
     * @throws StrongroomException UNAVAILABLE if a tier cannot be read
     */
    <T> T await(ControlClient sidecar, Iterable<String> tiers, Console console, Sleeper sleeper, Needing<T> needing)
            throws IOException, InterruptedException {
        console.note("Making the ledger anew, of the files here and what the tiers hold …");
        long before = 0;
        for (int looks = 0; ; ) {
            try {
                T result = needing.get();
                tiers.forEach(tier -> sidecar.tierObjects(tier, "packs/", pack -> packs.merge(tier, 1L, Long::sum)));
                return result;
            } catch (StrongroomException e) {
                if (!e.text().equals(Protocol.REBUILDING)) {
                    throw e;
                }
            }
            Status status = sidecar.status();
            long found = status.tiers().values().stream()
                    .mapToLong(tier -> tier.objects() + tier.queued())
                    .sum();
            looks = found > before ? 0 : looks + 1;
            before = found;
            if (looks > LOOKS) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the ledger is not made yet")
                        .with("why", why(status))
                        .cure("Bring the tier back, or take it out of the settings, and run strongroom fsck; Orthanc's"
                                + " sidecar goes on with it too");
            }
            sleeper.sleep(LOOK);
        }
    }

    private static String why(Status status) {
        return status.problems().stream()
                .map(Problem::message)
                .filter(message -> message.startsWith(Protocol.REBUILDING))
                .findFirst()
                .orElse("the tiers are still being read");
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("setAside", before.map(Path::toString).orElse(null));
        json.put("packs", packs);
        return json;
    }

    List<String> lines() {
        String found = packs.isEmpty()
                ? "no packs in the tiers"
                : String.join(
                        ", ",
                        packs.entrySet().stream()
                                .map(tier -> Amounts.count(tier.getValue(), "pack") + " in " + tier.getKey())
                                .toList());
        return List.of(
                "The ledger is made anew: " + found,
                before.map(file -> "The one that was there is " + file + ": delete it when all is well")
                        .orElse("There was none before"));
    }
}
