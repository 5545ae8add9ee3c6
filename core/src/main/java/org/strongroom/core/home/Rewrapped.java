package org.strongroom.core.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.Sha256;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.io.DurableFiles;

/**
 * Which records of the keyring took the place of which when a tenant's key was changed (format.md §5.7): who opens nothing tells by it that a
 * record of before holds the same key as the one of now. Pairs of digests, in Home only. Immutable.
 */
public final class Rewrapped {
    private static final int PAIR = 2 * Sha256.SIZE;

    /** By the digest of a record that of the one which took its place. */
    private final Map<Sha256, Sha256> next;

    private Rewrapped(Map<Sha256, Sha256> next) {
        this.next = next;
    }

    /**
     * Those of one segment, and those of the tenants. What is damaged says nothing.
     *
     * @param keyring its folder
     */
    public static Rewrapped of(Path keyring, int segment) throws IOException {
        Map<Sha256, Sha256> next = new HashMap<>(read(file(keyring, segment)));
        next.putAll(read(tenants(keyring)));
        return new Rewrapped(next);
    }

    /** Whether {@code now} took the place of {@code before}, at once or by way of others. */
    public boolean isSuccessor(KeyRecord before, KeyRecord now) {
        if (before.label().kind() != now.label().kind()
                || !before.label().id().equals(now.label().id())) {
            return false;
        }
        Sha256 wanted = digest(now);
        Set<Sha256> seen = new HashSet<>();
        Sha256 at = next.get(digest(before));
        while (at != null && seen.add(at)) {
            if (at.equals(wanted)) {
                return true;
            }
            at = next.get(at);
        }
        return false;
    }

    /**
     * Says so of records of one segment, durably.
     *
     * @param keyring its folder
     * @param successors by each record the one that is going to take its place
     */
    public static void add(Path keyring, int segment, Map<KeyRecord, KeyRecord> successors) throws IOException {
        add(file(keyring, segment), successors);
    }

    /** The same of a tenant's record. */
    public static void addTenant(Path keyring, KeyRecord before, KeyRecord now) throws IOException {
        add(tenants(keyring), Map.of(before, now));
    }

    private static void add(Path file, Map<KeyRecord, KeyRecord> successors) throws IOException {
        Map<Sha256, Sha256> all = new HashMap<>(read(file));
        successors.forEach((before, now) -> all.put(digest(before), digest(now)));
        byte[] content = new byte[all.size() * PAIR];
        int at = 0;
        for (Map.Entry<Sha256, Sha256> pair : all.entrySet()) {
            System.arraycopy(pair.getKey().toBytes(), 0, content, at, Sha256.SIZE);
            System.arraycopy(pair.getValue().toBytes(), 0, content, at + Sha256.SIZE, Sha256.SIZE);
            at += PAIR;
        }
        DurableFiles.createDirectories(file.getParent());
        DurableFiles.replace(file, content);
    }

    private static Map<Sha256, Sha256> read(Path file) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Map.of(); // no key was ever changed
        }
        Map<Sha256, Sha256> pairs = new HashMap<>();
        for (int at = 0; at + PAIR <= content.length; at += PAIR) {
            pairs.put(
                    new Sha256(Arrays.copyOfRange(content, at, at + Sha256.SIZE)),
                    new Sha256(Arrays.copyOfRange(content, at + Sha256.SIZE, at + PAIR)));
        }
        return pairs;
    }

    /** Of a tenant's record all but the wrap by the root key, which changes with that one. */
    private static Sha256 digest(KeyRecord record) {
        return record.label().kind() == KeyKind.TENANT
                ? Sha256.of(
                        record.label().encode(),
                        TenantWraps.decode(record.payload()).toRecovery())
                : Sha256.of(record.encode());
    }

    private static Path file(Path keyring, int segment) {
        return folder(keyring).resolve(String.format(Locale.ROOT, "%08d.pairs", segment));
    }

    private static Path tenants(Path keyring) {
        return folder(keyring).resolve("tenants.pairs");
    }

    private static Path folder(Path keyring) {
        return keyring.resolve("rewrapped");
    }
}
