package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.io.DurableFiles;

/**
 * {@code recovery.json} in Home: how it was made of a tier. Immutable.
 *
 * @param tier of which
 * @param tiers that keys and journal are of, that one first; empty while nobody knows: no other one is read any more
 * @param began when the first command was given
 * @param point up to when the tier's journal goes; null while nobody knows, or if it has none
 * @param entries of the journal
 * @param proven whether a genuine head vouches for them
 * @param keys of studies and attachments
 * @param ended when everything was listed again; null if it is not yet
 * @param snapshot when the snapshot was begun whose index Orthanc has; null if Orthanc makes a new one
 * @param database that was empty and that this recovery fills; null if none has Orthanc's index
 * @param beside whether what snapshots keep beside the index was read, as far as there is any in the tiers: settings, accounts, where studies of former tenants may be
 */
public record RecoveryNote(
        String tier,
        List<String> tiers,
        Instant began,
        Instant point,
        long entries,
        boolean proven,
        long keys,
        Instant ended,
        Instant snapshot,
        String database,
        boolean beside) {
    public RecoveryNote {
        Objects.requireNonNull(tier, "tier");
        tiers = tiers == null ? List.of() : List.copyOf(tiers);
        Objects.requireNonNull(began, "began");
    }

    /** A recovery that begins. */
    public static RecoveryNote begun(String tier, Instant now) {
        return new RecoveryNote(tier, List.of(), now, null, 0, false, 0, null, null, null, false);
    }

    /** Keys and journal are about to be those of these tiers. */
    public RecoveryNote of(List<String> read) {
        return new RecoveryNote(tier, read, began, point, entries, proven, keys, ended, snapshot, database, beside);
    }

    /** Keys and journal are there. */
    public RecoveryNote made(HomeRecovery.Made made) {
        return new RecoveryNote(
                tier,
                tiers,
                began,
                made.journal().newest(),
                made.journal().entries(),
                made.journal().proven(),
                made.keys(),
                null,
                null,
                database,
                beside);
    }

    /** Orthanc's index is, or is about to be, that of a snapshot; null if it is not. */
    public RecoveryNote listed(Instant of) {
        return new RecoveryNote(tier, tiers, began, point, entries, proven, keys, ended, of, database, beside);
    }

    /** Orthanc's index is, or is about to be, in this database. */
    public RecoveryNote in(String of) {
        return new RecoveryNote(tier, tiers, began, point, entries, proven, keys, ended, snapshot, of, beside);
    }

    /** What snapshots keep beside the index is there, as far as they had it. */
    public RecoveryNote withBeside() {
        return new RecoveryNote(tier, tiers, began, point, entries, proven, keys, ended, snapshot, database, true);
    }

    /** Everything is listed again; a later call changes nothing. */
    public RecoveryNote ended(Instant now) {
        return ended != null
                ? this
                : new RecoveryNote(tier, tiers, began, point, entries, proven, keys, now, snapshot, database, beside);
    }

    /** Whether a recovery goes on whose index is that of a snapshot. */
    public static boolean isOfSnapshot(Path file) throws IOException {
        return read(file)
                .filter(note -> note.snapshot != null && note.ended == null)
                .isPresent();
    }

    /** What {@code file} says; empty if it is not there. */
    public static Optional<RecoveryNote> read(Path file) throws IOException {
        try {
            return Optional.of(ControlJson.readRequest(Files.readAllBytes(file), RecoveryNote.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Writes it, durable on return. */
    public void write(Path file) throws IOException {
        DurableFiles.replace(file, ControlJson.write(this));
    }
}
