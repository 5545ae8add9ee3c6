package org.strongroom.plugin.keys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.strongroom.core.home.Home;

/** Names and contexts in the keyring (format.md §5.2, §6). */
final class KeyringFiles {
    private final Path folder;

    KeyringFiles(Home home) {
        this.folder = home.keyring();
    }

    Path folder() {
        return folder;
    }

    Path root() {
        return folder.resolve("root.json");
    }

    Path tenants() {
        return folder.resolve("tenants");
    }

    Path tenant(UUID tenant, int epoch) {
        return tenants().resolve(tenant + "-" + epoch + ".strk");
    }

    Path records() {
        return folder.resolve("records");
    }

    Path segment(int number) {
        return records().resolve(String.format(Locale.ROOT, "%08d.strk", number));
    }

    Path recoveryPending() {
        return folder.resolve("recovery-pending.strk");
    }

    Path journalKey() {
        return folder.resolve("journal-key.strk");
    }

    static byte[] recoveryContext(UUID installation) {
        return context("recovery/v1", installation);
    }

    static byte[] journalKeyContext(UUID installation) {
        return context("journal-key/v1", installation);
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
