package org.strongroom.plugin.recover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;

/**
 * Whether a recovery may write keys and journal into a Home that has no {@code installation.json}: what is there may be nowhere else, as images that were not
 * shipped and the last minutes of the journal are. Stateless.
 */
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
        List<Path> lived = new ArrayList<>(List.of(
                home.ledger(),
                home.spool(),
                home.cache(),
                home.quarantine(),
                home.login(),
                home.retention(),
                home.snapshots(),
                home.seeds()));
        if (!interrupted) {
            lived.addAll(List.of(home.keyring(), home.journal(), home.audit()));
        }
        for (Path path : lived) {
            if (path.equals(home.keyring()) ? Files.exists(path) : holdsAFile(path)) {
                throw StrongroomException.of(FailureKind.REFUSED, "Home holds something already")
                        .with("--home", home.root())
                        .with("found", home.root().relativize(path))
                        .cure(
                                "Name an empty folder; nothing is changed in this one. If this is the clinic's Home and only"
                                        + " installation.json is lost, copy it from the tier (objects installation/identity-…)");
            }
        }
    }

    private static boolean holdsAFile(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path.toRealPath())) { // it may be a link to another disk
            return all.anyMatch(Files::isRegularFile);
        } catch (NoSuchFileException e) {
            return false;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A Home that was recovered keeps its note for ever. */
    private static boolean isBegun(Optional<RecoveryNote> note) {
        return note.filter(begun ->
                        begun.ended() == null && begun.point() == null && begun.keys() == 0 && begun.entries() == 0)
                .isPresent();
    }
}
