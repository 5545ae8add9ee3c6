package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.Tier.PartReceipt;
import org.strongroom.sidecar.tier.Tier.Upload;

/**
 * Uploads as blocks that are not committed yet; the service keeps them for a week after the last one. A block's id is the
 * upload's id and the part's number, so a part sent again takes its own place and no other upload's, and block 0 says that the
 * upload was begun. Thread-safe.
 */
final class AzureUploads {
    private static final String PROBE = "probe-";
    private static final Logger LOG = LoggerFactory.getLogger(AzureUploads.class);
    private static final byte[] BEGUN = {0};
    private static final int ID_LENGTH = 32;

    private final AzureContainer container;
    private final AzureBlobs blobs;
    private volatile Optional<Boolean> enforcesDigest = Optional.empty();

    AzureUploads(AzureContainer container, AzureBlobs blobs) {
        this.container = container;
        this.blobs = blobs;
    }

    /** A block by its upload and its part's number. */
    private record Part(String upload, int number, long size) {
        /** All ids of one blob must be of the same length; this one needs no padding in Base64. */
        static String id(String upload, int number) {
            byte[] text = String.format(Locale.ROOT, "%s-%06d", upload, number).getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(text);
        }

        /** Empty if it is not one of ours. */
        static Optional<Part> of(AzureXml.Block block) {
            try {
                String text = new String(Base64.getDecoder().decode(block.id()), StandardCharsets.US_ASCII);
                return text.matches("[0-9a-f]{32}-[0-9]{6}")
                        ? Optional.of(new Part(
                                text.substring(0, ID_LENGTH),
                                Integer.parseInt(text.substring(ID_LENGTH + 1)),
                                block.size()))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        PartReceipt receipt() {
            return new PartReceipt(number, size, id(upload, number));
        }
    }

    String begin(String object) {
        String upload = UUID.randomUUID().toString().replace("-", "");
        container.call(block(object, upload, 0).body(BEGUN));
        return upload;
    }

    private static AzureRequest block(String object, String upload, int number) {
        return AzureRequest.of("PUT", object).query("comp", "block").query("blockid", Part.id(upload, number));
    }

    PartReceipt part(String object, String upload, int number, ByteSource content, byte[] md5) {
        PartStream bytes = new PartStream(content, md5);
        if (content.size() > 0) { // there are no empty blocks; an object of nothing is committed without one
            container.call(block(object, upload, number).body(bytes, content.size(), md5));
        }
        return new Part(upload, number, content.size()).receipt();
    }

    Optional<List<PartReceipt>> parts(String object, String upload) {
        return known(uncommitted(object), upload);
    }

    private static Optional<List<PartReceipt>> known(List<Part> blocks, String upload) {
        List<PartReceipt> found = new ArrayList<>();
        boolean begun = false;
        for (Part block : blocks) {
            if (block.upload().equals(upload)) {
                begun |= block.number() == 0;
                if (block.number() > 0) {
                    found.add(block.receipt());
                }
            }
        }
        found.sort(Comparator.comparingInt(PartReceipt::number));
        return begun ? Optional.of(found) : Optional.empty();
    }

    private List<Part> uncommitted(String object) {
        AzureRequest request =
                AzureRequest.of("GET", object).query("comp", "blocklist").query("blocklisttype", "uncommitted");
        try {
            byte[] xml = container.call(request, AzureBlobs::body);
            return AzureXml.uncommittedBlocks(xml).stream()
                    .flatMap(block -> Part.of(block).stream())
                    .toList();
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        } catch (XMLStreamException e) {
            throw container.failures().stranger().with("object", object).causedBy(e);
        }
    }

    void complete(String object, String upload, List<PartReceipt> parts) {
        try {
            if (parts.stream().allMatch(part -> part.size() == 0)
                    && parts(object, upload).isEmpty()) {
                throw container.failures().unknownUpload().with("object", object);
            }
            blobs.create(object, () -> commit(object, upload, parts));
        } catch (StrongroomException e) {
            boolean possible = e.kind() == FailureKind.NOT_FOUND || AzureBlobs.exists(e);
            if (!possible || !isDone(object, upload)) {
                throw e;
            } // else: completed before, and only the answer was lost
        }
    }

    private boolean isDone(String object, String upload) {
        return blobs.properties(object)
                .filter(there -> there.upload().equals(upload))
                .isPresent();
    }

    private static AzureRequest commit(String object, String upload, List<PartReceipt> parts) {
        return commit(object, AzureBlobs.UPLOAD, upload, parts);
    }

    /** An empty blob in place of an upload's blocks. */
    static AzureRequest abandon(String object, String upload) {
        return commit(object, AzureBlobs.ABANDONED, upload, List.of());
    }

    private static AzureRequest commit(String object, String what, String upload, List<PartReceipt> parts) {
        String list = parts.stream()
                .filter(part -> part.size() > 0)
                .map(part -> "<Uncommitted>" + Part.id(upload, part.number()) + "</Uncommitted>")
                .collect(Collectors.joining(
                        "", "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>", "</BlockList>"));
        return AzureRequest.of("PUT", object)
                .query("comp", "blocklist")
                .header("x-ms-blob-content-type", "application/octet-stream")
                .header(AzureBlobs.META + what, upload)
                .body(list.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Discards an upload's blocks. The service only does that for whoever makes a blob of the name, so an empty one is made
     * and deleted; its metadata says what it is, should this machine die in between.
     */
    void abort(String object, String upload) {
        List<Part> blocks = uncommitted(object);
        if (known(blocks, upload).isEmpty()) {
            blobs.properties(object)
                    .filter(there -> there.abandoned().equals(upload))
                    .ifPresent(there -> blobs.delete(object, there.tag()));
        } else if (blocks.stream().allMatch(block -> block.upload().equals(upload))) {
            discard(object, upload);
        } // else: another upload has the same name; they go together, when that one ends
    }

    private void discard(String object, String upload) {
        try {
            String tag = blobs.create(object, () -> abandon(object, upload));
            blobs.delete(object, tag);
        } catch (StrongroomException e) {
            if (!AzureBlobs.exists(e)) {
                throw e;
            } // else: an object has this name, and the blocks beside it are gone in a week
        }
    }

    /** Blobs without content are looked at one by one: only those can be blocks, or what an abort left. */
    List<Upload> list() {
        return list("");
    }

    /** @param names what the objects' names begin with */
    private List<Upload> list(String names) {
        List<Upload> found = new ArrayList<>();
        blobs.list(container.prefix() + names, true, blob -> {
            if (blob.size() == 0) {
                String object = container.name(blob.name());
                Set<String> uploads = new LinkedHashSet<>();
                Optional.ofNullable(blob.metadata().get(AzureBlobs.ABANDONED)).ifPresent(uploads::add);
                if (ObjectName.isName(object)) {
                    uncommitted(object).stream()
                            .filter(block -> block.number() == 0)
                            .forEach(block -> uploads.add(block.upload()));
                }
                uploads.forEach(upload -> found.add(new Upload(object, upload)));
            }
        });
        return found;
    }

    /** Whether a block with a wrong digest is refused; asked once. */
    boolean enforcesDigest() {
        if (enforcesDigest.isEmpty()) {
            enforcesDigest = Optional.of(refusesWrongDigest());
        }
        return enforcesDigest.get();
    }

    private boolean refusesWrongDigest() {
        abortProbes();
        String object = PROBE + UUID.randomUUID();
        String upload = begin(object);
        try {
            byte[] other = Md5.of(new byte[] {2});
            container.call(block(object, upload, 1).body(new ByteArrayInputStream(new byte[] {1}), 1, other));
            return false;
        } catch (StrongroomException e) {
            if (AzureFailures.code(e).equals("Md5Mismatch")) {
                return true;
            }
            throw e;
        } finally {
            giveUp(object, upload);
        }
    }

    /** What earlier questions left, because a kill or the line came between. */
    private void abortProbes() {
        try {
            for (Upload left : list(PROBE)) {
                if (!giveUp(left.name(), left.id())) {
                    return; // nor the others
                }
            }
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.debug("uploads of earlier probes stay", e); // whoever may not list them can still ask
        }
    }

    /**
     * Who may not delete leaves an empty blob.
     *
     * @return whether nothing is left
     */
    private boolean giveUp(String object, String upload) {
        try {
            abort(object, upload);
            return true;
        } catch (StrongroomException e) {
            if (e.kind().retryable()) {
                throw e;
            }
            LOG.info("{} is left: {}", object, e.text());
            return false;
        }
    }
}
