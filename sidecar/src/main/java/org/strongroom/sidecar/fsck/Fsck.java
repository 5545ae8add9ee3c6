package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.strongroom.core.control.FsckLine;
import org.strongroom.core.control.Protocol;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.Sleeper;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.Inventory;
import org.strongroom.sidecar.marker.Tiers;
import org.strongroom.sidecar.work.WorkDesk;

/**
 * Compares everything with everything. What seems wrong is looked at a second time, after a pause in which an instance that was
 * just being stored, removed, moved or shipped gets to where it belongs; only what is still wrong then is told. One at a time;
 * thread-safe.
 */
public final class Fsck {
    private final Home home;
    private final Inventory inventory;
    private final CopyTable copies;
    private final Tiers tiers;
    private final WorkDesk desk;
    private final Refresh refresh;
    private final BooleanSupplier rebuilding;
    private final Deletions deletions;
    private final Comparison comparison;
    private final Sleeper sleeper;
    private final ReentrantLock one = new ReentrantLock();

    /** Takes in what is in spool and journal now. */
    @FunctionalInterface
    public interface Refresh {
        void run() throws IOException;
    }

    /** Told each line of the answer. */
    @FunctionalInterface
    public interface Lines {
        void add(FsckLine line) throws IOException;
    }

    /**
     * @param mirror the second spool
     * @param rebuilding whether the ledger does not know everything yet
     */
    public Fsck(
            Home home,
            UUID installation,
            Optional<Path> mirror,
            Inventory inventory,
            CopyTable copies,
            Tiers tiers,
            WorkDesk desk,
            Refresh refresh,
            BooleanSupplier rebuilding,
            Deletions deletions,
            Sleeper sleeper) {
        this.home = home;
        this.inventory = inventory;
        this.copies = copies;
        this.tiers = tiers;
        this.desk = desk;
        this.refresh = refresh;
        this.rebuilding = rebuilding;
        this.deletions = deletions;
        this.comparison = new Comparison(home, installation, mirror);
        this.sleeper = sleeper;
    }

    /**
     * Compares, and tells findings and progress as they come, then the result.
     *
     * @param index Orthanc's SQLite index and its StorageDirectory, where no Orthanc runs; empty to ask Orthanc
     * @param indexLost whether no newer index exists: what it does not know is then to be given back, not waited for
     * @param pause before what seems wrong is looked at again
     * @throws StrongroomException UNAVAILABLE if another comparison goes on, or the ledger is being rebuilt
     */
    public void run(Optional<OfflineIndex> index, boolean indexLost, Duration pause, Lines out)
            throws IOException, InterruptedException {
        if (rebuilding.getAsBoolean()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, Protocol.REBUILDING)
                    .cure("Wait until status no longer says so");
        }
        if (!one.tryLock()) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "another fsck goes on")
                    .cure("Wait for it to end");
        }
        IndexSource source = index.<IndexSource>map(file -> new IndexFile(file.index(), file.storage()))
                .orElseGet(() -> new PluginIndex(desk));
        try (Attachments known = new Attachments(home.run().resolve("fsck-index"), inventory::sealed);
                Attachments suspects = new Attachments(home.run().resolve("fsck-suspects"), UnaryOperator::identity)) {
            Pass pass = new Pass(home, inventory, copies, tiers, comparison, source, known, refresh, out);
            pass.first(suspects);
            if (pass.somethingSeemsWrong()) {
                out.add(new FsckLine.Progress("looking again", 0, 0));
                sleeper.sleep(pause);
            }
            if (pass.hasIndex()) {
                pass.compared(deletions);
            }
            if (indexLost && pass.hasIndex() && !deletions.mayGiveBack(true)) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the journal has not been read whole")
                        .cure("Wait a moment; if it stays so, strongroom status says why");
            }
            if (pass.somethingSeemsWrong()) {
                pass.second(suspects, deletions, indexLost);
            }
            out.add(pass.result(quarantined()));
        } finally {
            one.unlock();
        }
    }

    /**
     * Tells of every attachment in Orthanc's SQLite index, where no Orthanc runs, and of its bytes as Orthanc stores them.
     *
     * @throws StrongroomException UNAVAILABLE if it cannot be read: then what was told means nothing
     */
    public void index(Path file, Entries each) throws IOException {
        new IndexFile(file, file).sizes(each);
    }

    /** Told of one attachment of an index. */
    @FunctionalInterface
    public interface Entries {
        void add(UUID attachment, long bytes) throws IOException;
    }

    /** Where Orthanc's own index and files are. */
    public record OfflineIndex(Path index, Path storage) {}

    private long quarantined() {
        if (!Files.isDirectory(home.quarantine())) {
            return 0;
        }
        try (Stream<Path> files = Files.list(home.quarantine())) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
