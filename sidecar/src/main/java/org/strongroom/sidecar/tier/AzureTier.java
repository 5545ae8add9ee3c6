package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.AzureSettings;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Objects in a container of Azure Blob Storage, as block blobs. A missing container, a refused request and something that is
 * not Azure are told apart from an absent object. Bodies are streamed: memory does not depend on their size.
 */
public final class AzureTier implements Tier {
    private static final int PAGE = 1000; // a fifth of what Azure gives: half a megabyte of XML

    private final String name;
    private final AzureContainer container;
    private final AzureBlobs blobs;
    private final AzureVersions versions;
    private final AzureUploads uploads;
    private final AzureAbilities abilities;

    private AzureTier(String name, AzureContainer container, int pageSize) {
        this.name = name;
        this.container = container;
        this.blobs = new AzureBlobs(container, pageSize);
        this.versions = new AzureVersions(container, blobs);
        this.uploads = new AzureUploads(container, blobs);
        this.abilities = new AzureAbilities(container);
    }

    /**
     * The tier {@code name} in the container of {@code settings}; asks the service nothing yet.
     *
     * @param uplink gives leave to send every slice
     * @param clock dates requests, which the service accepts for a quarter of an hour
     * @throws StrongroomException REFUSED if there is no key in the key file
     */
    public static AzureTier open(String name, AzureSettings settings, Uplink uplink, InstantSource clock) {
        return open(name, settings, uplink, clock, PAGE);
    }

    static AzureTier open(String name, AzureSettings settings, Uplink uplink, InstantSource clock, int pageSize) {
        AzureKey key = new AzureKey(name, "KeyFile", settings.keyFile());
        AzureKey deleter = settings.deleterKeyFile()
                .map(file -> new AzureKey(name, "DeleterKeyFile", file))
                .orElse(key);
        AzureFailures failures = new AzureFailures(name, settings);
        AzureConnection connection = new AzureConnection(settings.proxy().map(proxy -> Proxy.of(name, proxy)));
        return new AzureTier(
                name, new AzureContainer(settings, key, deleter, failures, uplink, clock, connection), pageSize);
    }

    @Override
    public String name() {
        return name;
    }

    /** Its archive class. */
    ArchiveClasses archive() {
        return new AzureArchive(container);
    }

    @Override
    public String kind() {
        return "azure";
    }

    @Override
    public Optional<ObjectInfo> head(String object) {
        return blobs.properties(object)
                .filter(there -> !there.isAbandoned())
                .map(there -> new ObjectInfo(object, there.size()));
    }

    /** Azure keeps the MD5 of a blob that was made of blocks as it was told, and does not compare it. */
    @Override
    public Optional<StoredDigest> digest(String object) {
        return blobs.properties(object)
                .filter(there -> !there.isAbandoned() && !there.md5().isEmpty())
                .map(there -> new StoredDigest(
                        HexFormat.of().formatHex(Base64.getDecoder().decode(there.md5())), 0, false));
    }

    @Override
    public InputStream get(String object, long offset, long length) {
        if (length == 0) { // there are no empty ranges
            ObjectInfo info = require(object);
            if (offset > info.size()) {
                throw container.failures().tooShort().with("object", object);
            }
            return InputStream.nullInputStream();
        }
        AzureRequest request =
                AzureRequest.of("GET", object).header("x-ms-range", "bytes=" + offset + "-" + (offset + length - 1));
        try {
            return container.open(request, length, answer -> {
                String range = AzureContainer.header(answer, "content-range");
                long sent = container.number(answer, "content-length");
                long total = range.isEmpty()
                        ? sent
                        : container.number(
                                range.substring(range.indexOf('/') + 1).strip());
                if (total < offset + length) {
                    throw container.failures().tooShort();
                }
                if (sent != length || answer.getEntity() == null) {
                    throw container.failures().stranger();
                }
                return null;
            });
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.CORRUPT) {
                require(object); // what an abort left has no bytes, and is no object
            }
            throw e;
        }
    }

    private ObjectInfo require(String object) {
        return head(object).orElseThrow(() -> container.failures().absent().with("object", object));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        blobs.list(container.prefix() + ObjectName.checkPrefix(prefix), false, blob -> {
            if (!blob.metadata().containsKey(AzureBlobs.ABANDONED)) {
                each.accept(new ObjectInfo(container.name(blob.name()), blob.size()));
            }
        });
    }

    @Override
    public void put(String object, byte[] content) {
        blobs.create(object, () -> AzureBlobs.whole(object, content));
    }

    @Override
    public String begin(String object, long size) {
        return uploads.begin(object);
    }

    @Override
    public long minimumPartSize() {
        return 1;
    }

    @Override
    public PartReceipt part(String object, String upload, int number, long offset, ByteSource content, byte[] md5) {
        return uploads.part(object, upload, number, content, md5);
    }

    @Override
    public Optional<List<PartReceipt>> parts(String object, String upload) {
        return uploads.parts(object, upload);
    }

    @Override
    public void complete(String object, String upload, List<PartReceipt> parts) {
        uploads.complete(object, upload, parts);
    }

    @Override
    public void abort(String object, String upload) {
        uploads.abort(object, upload);
    }

    @Override
    public List<Upload> uploads() {
        return uploads.list();
    }

    @Override
    public void delete(String object) {
        versions.delete(object);
    }

    /** No older version comes to light by that: in Azure somebody has to copy it ({@link #reveal}). */
    @Override
    public void withdraw(String object) {
        blobs.delete(object);
    }

    @Override
    public boolean isHidden(String object) {
        return versions.isHidden(object);
    }

    @Override
    public List<String> hidden(String prefix) {
        return versions.hidden(prefix);
    }

    @Override
    public void reveal(String object) {
        versions.reveal(object);
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return versions.lingering(prefix);
    }

    /** Asks the service once, by a block with a wrong digest: Azure refuses it, what only looks like Azure may not. */
    @Override
    public boolean enforcesPartDigest() {
        return uploads.enforcesDigest();
    }

    @Override
    public Abilities examine(Optional<String> scratch) {
        return abilities.examine(scratch, this::enforcesPartDigest);
    }

    @Override
    public void close() {
        container.close();
    }
}
