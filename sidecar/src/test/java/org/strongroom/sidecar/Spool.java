package org.strongroom.sidecar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.format.v1.HeadCodec;
import org.strongroom.core.format.v1.KeyKind;
import org.strongroom.core.format.v1.KeyLabel;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.format.v1.Tag16;
import org.strongroom.core.format.v1.TenantWraps;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.home.Rewrapped;
import org.strongroom.core.io.DurableFiles;

/** The plugin's side of Home, without its keys: sealed files of random bytes, and key records that open nothing. */
public final class Spool {
    private final Home home;
    private final UUID installation;
    private final UUID tenant = UUID.randomUUID();
    private UUID sealedFor = tenant;
    private final Random random;
    private final Map<UUID, byte[]> stored = new LinkedHashMap<>();
    private final Map<UUID, Integer> keys = new HashMap<>();
    private int segment = 1;

    public Spool(Home home, UUID installation, long seed) throws IOException {
        this.home = home;
        this.installation = installation;
        this.random = new Random(seed);
        System.out.println("seed " + seed);
        for (HomeCopy copy : HomeCopy.values()) {
            DurableFiles.createDirectories(copy.in(home).getParent());
            DurableFiles.replace(copy.in(home), (copy + " of " + installation).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Every sealed file that was stored, as it was. */
    public Map<UUID, byte[]> stored() {
        return stored;
    }

    public byte[] bytes(UUID attachment) {
        return stored.get(attachment);
    }

    /** As when the last one is full: new keys are in another file of the keyring from now on. */
    public void nextSegment() {
        segment++;
    }

    /** What is stored from now on is this tenant's. */
    public void sealFor(UUID other) {
        sealedFor = other;
    }

    /** A study of one series, {@code sizes} the approximate sizes of its files in reading order. */
    public List<UUID> study(UUID key, int... sizes) throws IOException {
        List<UUID> files = new ArrayList<>();
        byte[] series = new byte[16];
        random.nextBytes(series);
        for (int size : sizes) {
            files.add(store(key, new Tag16(series), files.size() + 1, size));
        }
        return files;
    }

    public UUID store(UUID key, Tag16 series, int order, int size) throws IOException {
        return store(key, series, order, 1, size);
    }

    /** @param type Orthanc's content type */
    public UUID store(UUID key, Tag16 series, int order, int type, int size) throws IOException {
        return store(key, series, order, type, size, Math.min(400, size / 2));
    }

    /** @param head bytes of it that are in the head piece */
    public UUID store(UUID key, Tag16 series, int order, int type, int size, int head) throws IOException {
        if (!keys.containsKey(key)) {
            keys.put(key, keys.size());
            appendRecord(key);
        }
        SealedHeader header = new SealedHeader(
                installation,
                new UUID(random.nextLong(), random.nextLong()),
                sealedFor,
                key,
                series,
                order,
                type,
                size,
                head,
                head,
                HeadCodec.STORE,
                null);
        byte[] file = new byte[(int) (header.headPieceSize() + Cobblestone.messageSize(size - head + 17))];
        random.nextBytes(file);
        byte[] encoded = header.encode();
        System.arraycopy(encoded, 0, file, 0, encoded.length);
        put(header.attachment(), file);
        return header.attachment();
    }

    /** Puts a sealed file (back) into the spool. */
    public void put(UUID attachment, byte[] file) throws IOException {
        Path target = home.spooled(attachment);
        DurableFiles.createDirectories(target.getParent());
        DurableFiles.replace(target, file);
        stored.put(attachment, file);
    }

    /** What the plugin does when the root key is changed: other bytes, and a list of what there was. */
    public void changeRoot() throws IOException {
        Path record = home.keyring().resolve("tenants").resolve(tenant + "-1.strk");
        for (HomeCopy copy : List.of(HomeCopy.ROOT, HomeCopy.JOURNAL_KEY)) {
            byte[] before = Files.readAllBytes(copy.in(home));
            DurableFiles.replace(copy.in(home), Arrays.copyOf(before, before.length + 1));
        }
        KeyRecord before = KeyRecord.decode(Files.readAllBytes(record));
        byte[] bySource = new byte[20];
        random.nextBytes(bySource);
        byte[] toRecovery = TenantWraps.decode(before.payload()).toRecovery();
        DurableFiles.replace(
                record, new KeyRecord(before.label(), new TenantWraps(bySource, toRecovery).encode()).encode());
        new FormerKeys(Instant.EPOCH.plusSeconds(1)).write(home.formerKeys());
    }

    /**
     * What the plugin does when the tenant's key is changed: every record under another key, and which took the place of which.
     *
     * @param stays whether the former key stays in the keyring
     */
    public void changeTenant(boolean stays) throws IOException {
        Path tenants = home.keyring().resolve("tenants");
        Path before = tenants.resolve(tenant + "-1.strk");
        KeyRecord former = KeyRecord.decode(Files.readAllBytes(before));
        KeyRecord newer = underAnotherKey(former);
        Files.write(tenants.resolve(tenant + "-2.strk"), newer.encode());
        Path segment = home.keyring().resolve("records").resolve("00000001.strk");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<KeyRecord, KeyRecord> successors = new HashMap<>();
        for (KeyRecord one : KeySegment.decode(Files.readAllBytes(segment)).records()) {
            successors.put(one, underAnotherKey(one));
            out.writeBytes(successors.get(one).encode());
        }
        Rewrapped.add(home.keyring(), 1, successors);
        DurableFiles.replace(segment, out.toByteArray());
        Rewrapped.addTenant(home.keyring(), former, newer);
        if (!stays) {
            Files.delete(before);
        }
        new FormerKeys(Instant.EPOCH.plusSeconds(2)).write(home.formerTenantKeys());
    }

    private KeyRecord underAnotherKey(KeyRecord record) throws IOException {
        KeyLabel label = record.label();
        byte[] payload = KeyRecord.decode(record(label.kind(), label.id())).payload();
        return new KeyRecord(
                new KeyLabel(
                        label.kind(),
                        installation,
                        tenant,
                        label.id(),
                        label.epoch() + 1,
                        label.ownerTag(),
                        label.created(),
                        payload.length),
                payload);
    }

    private void appendRecord(UUID key) throws IOException {
        Path tenants = home.keyring().resolve("tenants");
        Path records = home.keyring().resolve("records");
        Files.createDirectories(tenants);
        Files.createDirectories(records);
        if (keys.size() == 1) {
            Files.write(tenants.resolve(tenant + "-1.strk"), record(KeyKind.TENANT, tenant));
        }
        Files.write(
                records.resolve(String.format(Locale.ROOT, "%08d.strk", segment)),
                record(KeyKind.STUDY, key),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** What a keyring does that destroys a key. */
    public void destroy(UUID key) throws IOException {
        Path segment = home.keyring().resolve("records").resolve("00000001.strk");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (KeyRecord one : KeySegment.decode(Files.readAllBytes(segment)).records()) {
            out.writeBytes(one.label().id().equals(key) ? record(KeyKind.DESTROYED, key) : one.encode());
        }
        DurableFiles.replace(segment, out.toByteArray());
    }

    private byte[] record(KeyKind kind, UUID id) {
        byte[] payload = new byte[60];
        random.nextBytes(payload);
        if (kind == KeyKind.TENANT) {
            payload = new TenantWraps(Arrays.copyOf(payload, 20), Arrays.copyOfRange(payload, 20, 56)).encode();
        }
        byte[] owner = new byte[16];
        random.nextBytes(owner);
        Tag16 tag = kind == KeyKind.STUDY ? new Tag16(owner) : Tag16.NONE;
        return new KeyRecord(new KeyLabel(kind, installation, tenant, id, 1, tag, 1, payload.length), payload).encode();
    }
}
