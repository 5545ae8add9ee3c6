package org.strongroom.plugin.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.strongroom.core.io.ByteSource;

/** Passes questions of storage commitment on to a {@link StorageCommitment}; the answer is one byte. */
final class CommitmentWork {
    private final StorageCommitment commitment;

    CommitmentWork(StorageCommitment commitment) {
        this.commitment = commitment;
    }

    void answer(Request request) throws IOException {
        StorageCommitment.Answer answer = commitment.of(text(request.content()), text(request.head()));
        request.allocate(LoaderFunctions.CONTENT, 1);
        request.copyOut(LoaderFunctions.CONTENT, 0, new byte[] {answer.reason}, 0, 1);
        request.succeed();
    }

    private static String text(ByteSource uid) throws IOException {
        return new String(uid.read(0, Math.toIntExact(uid.size())), StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
    }
}
