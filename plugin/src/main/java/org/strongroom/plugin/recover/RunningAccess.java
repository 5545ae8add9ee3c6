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

/** Whether a recovery may go on in an Orthanc that runs: it has the users and tenants that it was started with, whatever is written into its file. Stateless. */
public final class RunningAccess {
    private static final String CURE =
            "Stop Orthanc and run the same command again: it writes users and tenants of the snapshot's settings"
                    + " into the configuration. Or write Strongroom.Access and Strongroom.Tenants there yourself";

    private RunningAccess() {}

    /**
     * Returns if the configuration says who may see what, or no tier has anybody's word for it.
     *
     * @param configuration as it was before this call
     * @param hasSnapshot whether a tier may hold a snapshot, asked only if it matters
     * @throws StrongroomException REFUSED if Orthanc might show everything to everybody although a tier knows better; or if nothing was
     *     recovered into this Home
     */
    public static void require(RecoveredConfiguration configuration, Home home, BooleanSupplier hasSnapshot)
            throws IOException {
        if (RecoveryNote.read(home.recovery()).isEmpty()) {
            throw StrongroomException.of(
                            FailureKind.REFUSED, "Orthanc runs with this Home, and nothing was recovered into it")
                    .with("--home", home.root())
                    .cure("Stop Orthanc, name an empty folder, and run this again");
        }
        if (configuration.saysWhoMaySeeWhat()) {
            return;
        }
        boolean unread = !Files.exists(home.recoveredSettings());
        boolean told = RecoveredAccess.settings(home)
                .filter(settings -> !RecoveredAccess.said(settings).isEmpty())
                .isPresent();
        if (told || (unread && hasSnapshot.getAsBoolean())) {
            throw StrongroomException.of(
                            FailureKind.REFUSED,
                            "Orthanc runs, and its configuration does not say who may see what, as the settings in the"
                                    + " snapshot of a tier may")
                    .with("settings", home.recoveredSettings())
                    .cure(CURE);
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
