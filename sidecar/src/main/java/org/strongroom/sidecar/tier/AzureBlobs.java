package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.xml.stream.XMLStreamException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/**
 * Looking at blobs, and making them once. A blob that an abort left behind half-way (see {@link AzureUploads#abort}) is no
 * object: whoever makes one of its name takes its place. Thread-safe.
 */
final class AzureBlobs {
    /** Metadata of an object made of parts: the upload that made it. */
    static final String UPLOAD = "strongroomupload";
    /** Metadata of an empty blob that discards the blocks of an upload: that upload. */
    static final String ABANDONED = "strongroomabandoned";

    static final String META = "x-ms-meta-";
    private static final int LONGEST_PAGE = 32 << 20;

    private final AzureContainer container;
    private final int pageSize;

    /** @param pageSize how many blobs of a list are asked for at once */
    AzureBlobs(AzureContainer container, int pageSize) {
        this.container = container;
        this.pageSize = pageSize;
    }

    /**
     * What the service says of a blob; texts are empty where it says nothing.
     *
     * @param upload the upload that made it
     * @param abandoned the upload that an abort discards with it
     */
    record Properties(long size, String tag, String md5, String upload, String abandoned) {
        boolean isAbandoned() {
            return !abandoned.isEmpty();
        }
    }

    /** A blob, also one that an abort left. */
    Optional<Properties> properties(String object) {
        try {
            return Optional.of(container.call(
                    AzureRequest.of("HEAD", object),
                    answer -> new Properties(
                            container.number(answer, "content-length"),
                            AzureContainer.header(answer, "etag"),
                            AzureContainer.header(answer, "content-md5"),
                            AzureContainer.header(answer, META + UPLOAD),
                            AzureContainer.header(answer, META + ABANDONED))));
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Calls {@code each} for every blob whose name begins like this, in the order of names. */
    void list(String prefix, boolean uncommitted, Consumer<AzureXml.Blob> each) {
        String[] last = {""};
        pages(prefix, uncommitted ? "metadata,uncommittedblobs" : "metadata", blob -> {
            if (blob.name().compareTo(last[0]) <= 0) {
                throw container.failures().hierarchical();
            }
            last[0] = blob.name();
            each.accept(blob);
        });
    }

    /** The same for all that the account keeps of them: older versions, snapshots, and what was deleted and can be brought back. */
    void listAll(String prefix, Consumer<AzureXml.Blob> each) {
        pages(prefix, "metadata,snapshots,versions,deleted", each);
    }

    private void pages(String prefix, String include, Consumer<AzureXml.Blob> each) {
        String marker = "";
        do {
            AzureXml.Page page = page(prefix, include, marker);
            page.blobs().forEach(each);
            if (!page.next().isEmpty() && page.next().equals(marker)) {
                throw container.failures().of(FailureKind.UNAVAILABLE, "the store's list does not go on");
            }
            marker = page.next();
        } while (!marker.isEmpty());
    }

    private AzureXml.Page page(String prefix, String include, String marker) {
        AzureRequest request = AzureRequest.ofContainer("GET")
                .query("comp", "list")
                .query("include", include)
                .query("maxresults", Integer.toString(pageSize));
        if (!prefix.isEmpty()) {
            request.query("prefix", prefix);
        }
        if (!marker.isEmpty()) {
            request.query("marker", marker);
        }
        byte[] xml = container.call(request, AzureBlobs::body);
        try {
            return AzureXml.page(xml);
        } catch (XMLStreamException e) {
            throw container.failures().stranger().causedBy(e);
        }
    }

    /** A list's whole body. */
    static byte[] body(ClassicHttpResponse answer) throws IOException {
        return answer.getEntity() == null
                ? new byte[0]
                : answer.getEntity().getContent().readNBytes(LONGEST_PAGE);
    }

    /** A request that makes an object, once. */
    @FunctionalInterface
    interface Making {
        AzureRequest request();
    }

    /**
     * Makes an object if there is none of its name.
     *
     * @return its tag
     * @throws StrongroomException REFUSED if there is one
     */
    String create(String object, Making making) {
        try {
            return make(making.request().header("if-none-match", "*"));
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.REFUSED || !exists(e)) {
                throw e;
            }
            Properties there =
                    properties(object).filter(Properties::isAbandoned).orElseThrow(() -> e);
            return make(making.request().header("if-match", there.tag()));
        }
    }

    /** Whether a request failed because there is an object of this name. */
    static boolean exists(StrongroomException e) {
        int status = AzureFailures.status(e);
        return status == 409 || status == 412;
    }

    private String make(AzureRequest request) {
        return container.call(container.inAccessTier(request), answer -> AzureContainer.header(answer, "etag"));
    }

    /** An object of these bytes. */
    static AzureRequest whole(String object, byte[] content) {
        return AzureRequest.of("PUT", object)
                .header("x-ms-blob-type", "BlockBlob")
                .header("x-ms-blob-content-type", "application/octet-stream")
                .body(content);
    }

    /** Deletes what has this tag; anything else of the name stays. */
    void delete(String object, String tag) {
        delete(AzureRequest.of("DELETE", object).header("if-match", tag));
    }

    /** What is seen of it, with its snapshots: in an account with versions an older one stays. */
    void delete(String object) {
        delete(AzureRequest.of("DELETE", object));
    }

    private void delete(AzureRequest request) {
        deleteAlone(request.header("x-ms-delete-snapshots", "include"));
    }

    /** What is gone already is no failure. */
    void deleteAlone(AzureRequest request) {
        try {
            container.call(request);
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.NOT_FOUND) {
                throw e;
            }
        }
    }
}
