package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/** Whether a recovery may write keys and journal into a Home that has no {@code installation.json}: it deletes those that are there. Stateless. */
public final class EmptyHome {
    private EmptyHome() {}

    /**
     * Returns if nothing is there, or only what a recovery wrote that was interrupted before it had all keys.
     *
     * @throws StrongroomException REFUSED if something may be there that no tier has
     */
    public static void require(Home home) throws IOException {
        boolean ledger = Files.exists(home.ledger()); // made by the sidecar of an Orthanc that had keys
        boolean interrupted = !ledger && isBegun(RecoveryNote.read(home.recovery()));
        if (!interrupted && (Files.exists(home.keyring()) || ledger)) {
            throw StrongroomException.of(FailureKind.REFUSED, "Home holds something already")
                    .with("--home", home.root())
                    .cure("Name an empty folder. If this is the clinic's Home and only installation.json is lost,"
                            + " copy it from the tier (objects installation/identity-…)");
        }
    }

    /** A Home that was recovered keeps its note for ever. */
    private static boolean isBegun(Optional<RecoveryNote> note) {
        return note.filter(begun ->
                        begun.ended() == null && begun.point() == null && begun.keys() == 0 && begun.entries() == 0)
                .isPresent();
    }
}
