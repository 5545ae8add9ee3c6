package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.util.function.BooleanSupplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/** Whether a recovery may go on in an Orthanc that runs: it has the users and tenants that it was started with, whatever is written into its file. Stateless. */
public final class RunningAccess {
    private static final String CURE =
            "Stop Orthanc and run the same command again: it writes users and tenants of the snapshot's settings"
                    + " into the configuration. Or write Strongroom.Access and Strongroom.Tenants there yourself";

    private RunningAccess() {}

    /**
     * Returns if the configuration says who may see what, or the tier has nobody's word for it.
     *
     * @param configuration as it was before this call
     * @param hasSnapshot whether the tier holds a snapshot, asked only if it matters
     * @throws StrongroomException REFUSED if Orthanc might show everything to everybody although the tier knows better; or if nothing was
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
                                    + " tier's snapshot may")
                    .with("settings", home.recoveredSettings())
                    .cure(CURE);
        }
    }
}
