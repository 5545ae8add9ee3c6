package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.ObjectLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;

/**
 * Whether a recovery may go on in an Orthanc that runs: it has the users and tenants that it was started with, whatever is written into its file, and what a snapshot
 * keeps beside the index is brought into no Home that is in use. Stateless.
 */
public final class RunningAccess {
    private RunningAccess() {}

    /**
     * Returns if what snapshots keep beside the index was read, or no tier has one, and the configuration says who may see what, unless nobody said that.
     *
     * @param configuration as it was before this call
     * @param hasSnapshot whether a tier may hold a snapshot, asked only if it matters
     * @throws StrongroomException REFUSED if Orthanc might show everything to everybody, or studies of a former tenant might go where they may not be, although a
     *     tier knows better; or if nothing was recovered into this Home
     */
    public static void require(RecoveredConfiguration configuration, Home home, BooleanSupplier hasSnapshot)
            throws IOException {
        RecoveryNote note = RecoveryNote.read(home.recovery()).orElseThrow(() -> StrongroomException.of(
                        FailureKind.REFUSED, "Orthanc runs with this Home, and nothing was recovered into it")
                .with("--home", home.root())
                .cure("Stop Orthanc, name an empty folder, and run this again"));
        boolean told = RecoveredAccess.settings(home)
                .filter(settings -> !RecoveredAccess.said(settings).isEmpty())
                .isPresent();
        if (told && !configuration.saysWhoMaySeeWhat()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc runs, and its configuration does not say who may see what, as the settings in the"
                                    + " snapshot of a tier do")
                    .with("settings", home.recoveredSettings())
                    .cure("Stop Orthanc and run the same command again: it writes users and tenants of the snapshot's"
                            + " settings into the configuration. Or write Strongroom.Access and Strongroom.Tenants"
                            + " there yourself");
        }
        boolean read = note.beside() // which notes of earlier versions lack
                || note.ended() != null
                || Files.exists(home.recoveredSettings());
        if (!read && hasSnapshot.getAsBoolean()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc runs, and nobody has read what a snapshot in a tier may tell: who may see what,"
                                    + " second factors, and where studies of former tenants may be")
                    .with("--home", home.root())
                    .cure("Stop Orthanc and run the same command again: it reads that before anything else. Then"
                            + " Orthanc may be started, and the same command run beside it. If it cannot read that (a"
                            + " tier is away, a snapshot is damaged), let it list the studies without yours: --orthanc"
                            + " FILE names Orthanc's program");
        }
    }

    /** Lists objects of a tier, as {@link ControlClient#tierObjects}. */
    @FunctionalInterface
    public interface Lister {
        /** @throws StrongroomException if the tier cannot be asked */
        void list(String tier, String prefix, Consumer<ObjectLine> each);
    }

    /**
     * Whether one of the tiers has a snapshot, by the names of its objects: the newest may be in any. One that cannot be asked may have one.
     */
    public static boolean mayHaveSnapshot(Collection<String> tiers, Lister lister) {
        boolean[] found = new boolean[1];
        for (String tier : tiers) {
            try {
                lister.list(
                        tier,
                        SnapshotLabel.PREFIX,
                        object ->
                                found[0] |= SnapshotLabel.timeOf(object.name()).isPresent());
            } catch (StrongroomException e) {
                if (e.kind() == FailureKind.BUG) {
                    throw e;
                }
                return true;
            }
        }
        return found[0];
    }
}
