package org.strongroom.plugin.keys;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Rewrapped;
import org.strongroom.core.io.DurableFiles;

/**
 * Brings what former keys of tenants wrap under their newest ones, segment by segment, and removes a former key that nothing needs (format.md §5.7). Each
 * file is replaced whole, so whenever it is killed everything opens, and it goes on where it was. Used by one thread, by whoever holds Home's lock.
 */
final class TenantRewrap {
    private static final Logger LOG = LoggerFactory.getLogger(TenantRewrap.class);
    private static final int EPOCH_SIZE = 4;

    private final Home home;
    private final KeyringFiles files;
    private final Tenants tenants;
    private final RootChange.Steps steps;
    private final LongConsumer progress;
    /** Former keys that something is under which could not be brought under another one. */
    private final Set<Epoch> needed = new HashSet<>();

    private long done;

    /** @param progress told of how many records are done */
    TenantRewrap(Home home, Tenants tenants, RootChange.Steps steps, LongConsumer progress) {
        this.home = home;
        this.files = new KeyringFiles(home);
        this.tenants = tenants;
        this.steps = steps;
        this.progress = progress;
    }

    /** One key of a tenant. */
    record Epoch(UUID tenant, int epoch) {
        static Epoch of(KeyRecord record) {
            return new Epoch(record.label().tenant(), record.label().epoch());
        }

        static Epoch of(Tenant tenant) {
            return new Epoch(tenant.id(), tenant.epoch());
        }
    }

    /**
     * Does it all; what does not open stays as it is, with the key that it is under.
     *
     * @return the tenants with the keys that are left
     * @throws StrongroomException CORRUPT if a segment cannot be understood
     */
    Tenants finish() throws IOException {
        if (tenants.former().isEmpty()) {
            return tenants;
        }
        for (int number = 1; number <= files.segments(); number++) {
            segment(number);
        }
        if (tenants.former().stream().anyMatch(this::isFirsts)) {
            states(home.login(), "");
            states(home.retention(), "retention-");
        }
        leftovers(files.records());
        leftovers(files.tenants());
        boolean isRemoved = false;
        for (Tenant former : tenants.former()) {
            if (!isNeeded(former)) {
                remove(former);
                isRemoved = true;
            }
        }
        return isRemoved ? tenants.without(former -> !isNeeded(former), files) : tenants;
    }

    /** How many records of studies and attachments there are under each key, destroyed ones counted. */
    static Map<Epoch, Long> count(KeyringFiles files) throws IOException {
        Map<Epoch, Long> counts = new HashMap<>();
        for (int number = 1; number <= files.segments(); number++) {
            decode(files, number, files.read(files.segment(number)))
                    .records()
                    .forEach(record -> counts.merge(Epoch.of(record), 1L, Long::sum));
        }
        return counts;
    }

    /**
     * Opens every record of a tenant.
     *
     * @return how many there are
     * @throws StrongroomException CORRUPT, with the place, if one does not open
     */
    static long prove(KeyringFiles files, Tenants tenants, UUID tenant) throws IOException {
        long count = 0;
        for (int number = 1; number <= files.segments(); number++) {
            int offset = 0;
            byte[] content = files.read(files.segment(number));
            KeySegment segment = decode(files, number, content);
            if (hasTail(segment, content)) {
                throw files.damaged(files.segment(number))
                        .with("offset", segment.length())
                        .cure("Start Orthanc once, which sets an unfinished record aside; if it does not start, restore"
                                + " the file from a backup of Home, or from the records in a tier's bundles");
            }
            for (KeyRecord record : segment.records()) {
                if (record.label().tenant().equals(tenant)) {
                    try {
                        open(tenants.of(record), record);
                    } catch (StrongroomException e) {
                        throw files.damaged(files.segment(number))
                                .with("offset", offset)
                                .with("key", record.label().id())
                                .causedBy(e);
                    }
                    count++;
                }
                offset += record.size();
            }
        }
        return count;
    }

    private static void open(Tenant tenant, KeyRecord record) {
        if (record.label().kind() == KeyKind.DESTROYED) {
            tenant.requireDestroyed(record);
        } else {
            tenant.unwrap(record);
        }
    }

    /** Whether bytes are behind the last record: of one that was not finished, or whose damaged length makes it look so. */
    private static boolean hasTail(KeySegment segment, byte[] content) {
        for (int at = segment.length(); at < content.length; at++) {
            if (content[at] != 0) {
                return true;
            }
        }
        return false;
    }

    private static KeySegment decode(KeyringFiles files, int number, byte[] content) {
        try {
            return KeySegment.decode(content);
        } catch (StrongroomException e) {
            throw files.damaged(files.segment(number)).causedBy(e);
        }
    }

    private void segment(int number) throws IOException {
        Path file = files.segment(number);
        byte[] content = files.read(file);
        Map<KeyRecord, KeyRecord> successors = new LinkedHashMap<>();
        int offset = 0;
        KeySegment segment = decode(files, number, content);
        if (hasTail(segment, content)) {
            LOG.warn("Segment {} of the keyring ends within a record: former keys of tenants stay for it", number);
            tenants.former().forEach(former -> needed.add(Epoch.of(former)));
        }
        for (KeyRecord record : segment.records()) {
            Optional<KeyRecord> successor = successor(record);
            if (successor.isPresent()) {
                successors.put(record, successor.get());
                System.arraycopy(successor.get().encode(), 0, content, offset, record.size());
            }
            offset += record.size();
        }
        if (!successors.isEmpty()) {
            // Before the segment: nobody could tell afterwards which record took whose place.
            Rewrapped.add(files.folder(), number, successors);
            steps.done();
            replace(file, content);
            steps.done();
            done += successors.size();
            progress.accept(done);
        }
    }

    /** The record under its tenant's newest key; empty if it is that, or does not open. */
    private Optional<KeyRecord> successor(KeyRecord record) {
        Optional<Tenant> wrapper =
                tenants.find(record.label().tenant(), record.label().epoch());
        Optional<Tenant> newest = tenants.find(record.label().tenant());
        if (wrapper.isEmpty() || newest.orElseThrow().epoch() == wrapper.get().epoch()) {
            return Optional.empty();
        }
        try {
            KeyRecord successor = newest.get().rewrapped(record, wrapper.get());
            open(newest.get(), successor);
            return Optional.of(successor);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            LOG.error(
                    "The record of key {} does not open and stays under a former key of its tenant: restore the"
                            + " keyring from a backup of Home, or from the records in a tier's bundles",
                    record.label().id());
            needed.add(Epoch.of(record));
            return Optional.empty();
        }
    }

    private boolean isFirsts(Tenant tenant) {
        return tenant.id().equals(tenants.first().id());
    }

    /** Small files of the installation's state, which the first tenant's key seals. One that does not open tells whoever needs it. */
    private void states(Path folder, String prefix) throws IOException {
        for (Path file : list(folder, "*.strs")) {
            String name = String.valueOf(file.getFileName());
            byte[] context = KeyringFiles.stateContext(
                    prefix + name.substring(0, name.length() - ".strs".length()),
                    tenants.first().record().label().installation());
            byte[] sealed = Files.readAllBytes(file);
            for (Tenant former : tenants.former()) {
                Optional<byte[]> plain = isFirsts(former) ? opened(former, context, sealed) : Optional.empty();
                if (plain.isPresent()) {
                    replace(file, tenants.first().seal(context, plain.get()));
                    steps.done();
                }
            }
        }
    }

    /** What a message of this tenant says; empty if it is none of this key. */
    static Optional<byte[]> opened(Tenant tenant, byte[] context, byte[] sealed) {
        try {
            return Optional.of(tenant.open(context, sealed));
        } catch (StrongroomException e) {
            return Optional.empty();
        }
    }

    /** The first tenant's former keys open texts in the journal and snapshots; others what was cut off somewhere and may be a record. */
    private boolean isNeeded(Tenant former) {
        return isFirsts(former) || needed.contains(Epoch.of(former));
    }

    private void remove(Tenant former) throws IOException {
        Tenant newest = tenants.find(former.id()).orElseThrow();
        if (!Arrays.equals(
                files.read(files.tenant(newest.id(), newest.epoch())),
                newest.record().encode())) {
            throw files.damaged(files.tenant(newest.id(), newest.epoch()));
        }
        Rewrapped.addTenant(files.folder(), former.record(), newest.record());
        steps.done();
        wipe(files.tenant(former.id(), former.epoch()));
        steps.done();
    }

    /** What whoever was killed left behind, and what was cut off segments and keeps the key that it may be under. */
    private void leftovers(Path folder) throws IOException {
        for (Path file : list(folder, ".*.tmp")) {
            if (DurableFiles.isTemporary(file)) { // of somebody who was killed: nobody else writes here
                wipe(file);
            }
        }
        for (Path file : list(folder, "*.cut")) {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            tenants.former().stream().filter(former -> isCutOff(former, bytes)).forEach(former -> {
                LOG.warn("{} may hold a record under a former key of its tenant, which stays for it", file);
                needed.add(Epoch.of(former));
            });
        }
    }

    /** Whether what was cut off a segment has the label of a record that this key wraps, and something behind it. */
    private static boolean isCutOff(Tenant former, String bytes) {
        byte[] label = former.record().label().encode();
        String ids = new String(label, KeyLabel.IDS, 2 * 16, StandardCharsets.ISO_8859_1);
        String epoch = new String(
                ByteBuffer.allocate(EPOCH_SIZE).putInt(former.epoch()).array(), StandardCharsets.ISO_8859_1);
        for (int at = bytes.indexOf(ids); at >= 0; at = bytes.indexOf(ids, at + 1)) {
            if (bytes.startsWith(epoch, at + KeyLabel.IDS_SIZE) && bytes.length() > at - KeyLabel.IDS + KeyLabel.SIZE) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
                all.forEach(found::add);
            }
        }
        found.sort(null);
        return found;
    }

    private static void replace(Path target, byte[] content) throws IOException {
        Path temporary = DurableFiles.writeTemporary(
                target, channel -> DurableFiles.writeFully(channel, ByteBuffer.wrap(content)));
        try {
            RootChange.moveOver(temporary, target);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** Removes a file, durably, and overwrites what it held: what a disk keeps of that, nobody can tell. */
    private static void wipe(Path file) throws IOException {
        try (RandomAccessFile old = new RandomAccessFile(file.toFile(), "rw")) {
            Files.delete(file);
            DurableFiles.fsyncDirectory(file.toAbsolutePath().getParent());
            RootChange.overwrite(old, file);
        } catch (FileNotFoundException e) { // it may not be written: gone is better than there
            Files.delete(file);
            DurableFiles.fsyncDirectory(file.toAbsolutePath().getParent());
            RootChange.notOverwritten(file, e);
        }
    }
}
