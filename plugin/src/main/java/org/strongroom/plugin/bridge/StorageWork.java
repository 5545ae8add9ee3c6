package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.strongroom.core.io.ByteSource;

/** Passes storage requests on to a {@link StorageArea}. Success is said only after its method returned normally. */
final class StorageWork {
    private final StorageArea area;
    private final OrthancLog log;

    StorageWork(StorageArea area, OrthancLog log) {
        this.area = area;
        this.log = log;
    }

    void create(Request request) throws IOException {
        Attachment attachment = attachment(request);
        boolean[] refused = new boolean[1]; // written and read by this call of create only
        StorageArea.Commit commit = () -> {
            boolean waiting = request.commit();
            refused[0] = !waiting;
            return waiting;
        };
        if (request.head().size() == 0) {
            area.create(attachment, request.content(), commit);
        } else {
            area.create(attachment, ArrivalContext.of(request.texts()), request.content(), commit);
        }
        if (request.succeed() == LoaderFunctions.Ended.GONE && !refused[0]) {
            // The sender was told that it failed: what is stored must not stay without its tombstone.
            log.error("create of " + attachment.uuid() + " ended after its deadline and is removed again");
            area.remove(attachment);
        }
    }

    void stored(Request request) throws IOException {
        area.stored(attachment(request), text(request.content()));
        request.succeed();
    }

    void read(Request request) throws IOException {
        LoaderRead read = new LoaderRead(request, attachment(request), text(request.head()), log);
        try {
            area.read(read);
        } catch (RuntimeException | Error e) {
            read.end(e);
            Failures.haltIfBroken(e);
        }
    }

    void remove(Request request) {
        area.remove(attachment(request));
        request.succeed();
    }

    private static String text(ByteSource part) throws IOException {
        return part.size() == 0
                ? ""
                : new String(part.read(0, Math.toIntExact(part.size())), StandardCharsets.US_ASCII);
    }

    private static Attachment attachment(Request request) {
        return new Attachment(UUID.fromString(request.uuid()), request.detail());
    }
}
