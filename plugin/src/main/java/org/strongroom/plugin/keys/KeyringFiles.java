package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/** Files, names and contexts in the keyring (format.md §5.2, §6). */
final class KeyringFiles {
    private final Path folder;

    KeyringFiles(Home home) {
        this(home.keyring());
    }

    /** @param folder where the keyring, or a part of one, is */
    KeyringFiles(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path root() {
        return folder().resolve("root.json");
    }

    Path former() {
        return folder().resolve("former.json");
    }

    /** A change of the root key that was decided: files as they are going to be. */
    Path next() {
        return folder().resolve("next");
    }

    /** One that was not. */
    Path undecided() {
        return folder().resolve("next.part");
    }

    /** Which tenant's key is being changed, until the end of that is told. */
    Path tenantChange() {
        return folder().resolve("tenant-change");
    }

    Path tenants() {
        return folder().resolve("tenants");
    }

    Path tenant(UUID tenant, int epoch) {
        return tenants().resolve(tenant + "-" + epoch + ".strk");
    }

    Path records() {
        return folder().resolve("records");
    }

    Path segment(int number) {
        return records().resolve(String.format(Locale.ROOT, "%08d.strk", number));
    }

    /** Where the bytes that were cut off behind the last record of a segment are kept. */
    Path cutOff(int number, int offset, int length) {
        return records().resolve(segment(number).getFileName() + "." + offset + "-" + length + ".cut");
    }

    /** Deletes what was cut off somewhere if a record of the same key begins in it, under whichever of its tenant's keys. */
    void dropCutOff(byte[] record) throws IOException {
        String ids = new String(record, KeyLabel.IDS, KeyLabel.IDS_SIZE, StandardCharsets.ISO_8859_1);
        try (DirectoryStream<Path> found = Files.newDirectoryStream(records(), "*.cut")) {
            for (Path file : found) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(ids)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The highest number of a segment; 0 if there is none. */
    int segments() throws IOException {
        int last = 0;
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(records(), "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9].strk")) {
            for (Path file : found) {
                last = Math.max(
                        last, Integer.parseInt(file.getFileName().toString().substring(0, 8)));
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return last;
    }

    Path recoveryPending() {
        return folder().resolve("recovery-pending.strk");
    }

    Path journalKey() {
        return folder().resolve("journal-key.strk");
    }

    Path journalRecoveryKey() {
        return folder().resolve("journal-recovery.strk");
    }

    /** A whole file of the keyring; if it is missing, the keyring is damaged. */
    byte[] read(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw damaged(file).causedBy(e);
        }
    }

    /** Writes a small secret, durably. */
    void seal(Path file, Key32 root, byte[] context, byte[] secret) throws IOException {
        DurableFiles.replace(file, Cobblestone.seal(root, context, secret));
    }

    StrongroomException damaged(Path file) {
        return StrongroomException.of(FailureKind.CORRUPT, "the keyring is damaged")
                .with("file", file)
                .cure(
                        file.equals(journalKey())
                                ? "Restore it from a backup of Home, or copy a tier's newest"
                                        + " installation/journal-key-… to it"
                                : "Restore it from a backup of Home, or from the records in a tier's bundles"
                                        + " (format.md §5.4)");
    }

    /** Of a source whose root key opens nothing here. */
    StrongroomException notOpened() throws IOException {
        FormerKeys former = FormerKeys.read(former());
        StrongroomException refused = StrongroomException.of(
                        FailureKind.REFUSED, "Strongroom.RootKey does not open this Home's keys")
                .with("keyring", folder());
        return former.equals(FormerKeys.NONE)
                ? refused.cure(
                        "Use the passphrase, key file, token or key service that this Home was made with; if this is"
                                + " to take its place: strongroom key rotate --help")
                : refused.with("changed", former.changed())
                        .cure("The root key was changed then, and a former one opens nothing any more: use the"
                                + " passphrase, key file, token or key service that it was changed to");
    }

    static byte[] recoveryContext(UUID installation) {
        return context("recovery/v1", installation);
    }

    static byte[] journalKeyContext(UUID installation) {
        return context("journal-key/v1", installation);
    }

    /** Of a state file ({@link StateSeal}). */
    static byte[] stateContext(String name, UUID installation) {
        return context("state/v1/" + name + "/", installation);
    }

    static byte[] journalRecoveryContext(UUID installation) {
        return context("journal-recovery/v1", installation);
    }

    private static byte[] context(String label, UUID installation) {
        byte[] text = label.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(text.length + 16)
                .put(text)
                .putLong(installation.getMostSignificantBits())
                .putLong(installation.getLeastSignificantBits())
                .array();
    }
}
