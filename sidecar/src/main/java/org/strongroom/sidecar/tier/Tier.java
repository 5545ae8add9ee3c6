package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.io.ByteSource;

/**
 * A store of immutable objects. Take care when adding methods: each must be possible on a directory, S3 and Azure Blob.
 *
 * <p>Obligations of every implementation, checked by one contract suite: safe for several threads; every failure is a
 * {@link org.strongroom.core.error.StrongroomException} whose kind says whether trying again helps (UNAVAILABLE, FULL) or
 * not (REFUSED, CORRUPT); "absent" is only ever answered by a store that was asked and said so; no retries inside (one
 * decorator retries). Names are at most 255 characters of {@code [A-Za-z0-9._/-]}; no segment between the slashes is empty
 * or begins with a dot, and no name is another one with a slash and more behind it.
 */
public interface Tier extends AutoCloseable {
    /** The name in the settings. */
    String name();

    /** {@code directory}, {@code s3} … for people. */
    String kind();

    /** Size of an object, or empty if the store says that it is absent. */
    Optional<ObjectInfo> head(String name);

    /**
     * Opens {@code length} bytes of an object from {@code offset} on; the caller closes the stream. The stream fails
     * with a {@link org.strongroom.core.error.StrongroomException} rather than ends early.
     *
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if the store says it is absent; CORRUPT if the object
     *     is shorter than the range; ARCHIVED if it is in an archive class ({@link ArchiveClasses})
     */
    InputStream get(String name, long offset, long length);

    /** Calls {@code each} for every object whose name starts with {@code prefix}, in order of names. */
    void list(String prefix, Consumer<ObjectInfo> each);

    /**
     * Stores a small object (at most 8 MiB) in one go. It is there whole or not at all, durable on return.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if the name exists and the store can tell
     */
    void put(String name, byte[] content);

    /** Starts a resumable upload of {@code size} bytes; nothing is visible under {@code name} until {@link #complete}. */
    String begin(String name, long size);

    /** What {@link #part} may be given: every part but the last is at least this long. */
    long minimumPartSize();

    /** Whether the store is known to demand that all parts of an upload but the last have one size. */
    default boolean wantsEqualParts() {
        return false;
    }

    /**
     * Sends one part; sending the same number again replaces it.
     *
     * @param number 1 to 10,000
     * @param offset where the part starts in the object
     * @param content the part's bytes
     * @param md5 its MD5 (16 bytes); a store that can enforces it
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if the store does not know the upload (any more):
     *     begin again (a store may say so only at {@link #complete}); CORRUPT if {@code content} does not have this MD5 before it is sent
     */
    PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5);

    /** The parts the store holds of an upload, to resume it; empty if it does not know the upload any more. */
    Optional<List<PartReceipt>> parts(String name, String upload);

    /**
     * Makes the object of its parts, durable on return. Calling it again after it succeeded does no harm.
     *
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if the store does not know the upload or one of the
     *     parts: begin again
     */
    void complete(String name, String upload, List<PartReceipt> parts);

    /** Gives up an upload and frees what it holds; an unknown one is no error. */
    void abort(String name, String upload);

    /** Uploads that were begun and neither completed nor aborted. */
    List<Upload> uploads();

    /**
     * Deletes an object for good, with all that the store keeps of it (older versions, marks of deletion); absent is no error. What a store
     * keeps for days of its own, whoever asks, is {@link #lingering}.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if it may not be; {@link Locked} tells until when
     */
    void delete(String name);

    /**
     * Takes away what is seen under a name: what the store keeps from before is seen again, or nothing, and a new object can be
     * put. What is locked is hidden, and stays for {@link #delete}.
     */
    default void withdraw(String name) {
        delete(name);
    }

    /** Whether {@link #withdraw} would bring an older version of the object to light. */
    default boolean hasOlder(String name) {
        return false;
    }

    /** Whether an absent object is still there, and somebody hid it by a mark of deletion. */
    default boolean isHidden(String name) {
        return false;
    }

    /** Names below a prefix of which the same is true: {@link #list} does not show them. */
    default List<String> hidden(String prefix) {
        return List.of();
    }

    /**
     * Takes such marks away.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if the credentials may not
     */
    default void reveal(String name) {}

    /**
     * What the store keeps below a prefix although nobody sees it, after all was deleted there that can be: what it lets nobody delete
     * before a time of its own, and what is older than what is seen. Whoever may bring it to light has its bytes.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if the store does not say it to these credentials
     */
    default Optional<Lingering> lingering(String prefix) {
        return Optional.empty();
    }

    /** How long what is put there is locked against everybody, each time; empty if it is not. */
    default Optional<Duration> lockPeriod() {
        return Optional.empty();
    }

    /**
     * Locks an object for its period anew, unless half of it is left.
     *
     * @return until when it is locked now
     * @throws org.strongroom.core.error.StrongroomException NOT_FOUND if it is absent; REFUSED if it cannot be
     */
    default Instant keep(String name) {
        throw new IllegalStateException("a tier that locks nothing");
    }

    /**
     * Finds out by trying what the store can do and the settings need.
     *
     * @param scratch an object that may be written again, with the same bytes
     */
    default Abilities examine(Optional<String> scratch) {
        return Abilities.PLAIN;
    }

    /** What the store says of an object's bytes, if it says anything that can be made of the bytes; empty if the object is absent. */
    default Optional<StoredDigest> digest(String name) {
        return Optional.empty();
    }

    /** Whether the store refuses a part whose bytes do not match its MD5; else a receipt needs the whole object read back. */
    boolean enforcesPartDigest();

    @Override
    void close();

    /**
     * Objects and versions of objects that are not seen.
     *
     * @param until when the store lets the last of them go; empty if no time is known
     */
    record Lingering(long count, Optional<Instant> until) {
        /** {@code the store keeps 2 of key bundles that are deleted or have newer versions, until …}. */
        public String of(String what) {
            return "the store keeps " + count + " of " + what + " that are deleted or have newer versions"
                    + until.map(end -> ", until " + end.truncatedTo(ChronoUnit.SECONDS))
                            .orElse("");
        }
    }

    /** An object's name and size in bytes. */
    record ObjectInfo(String name, long size) {}

    /**
     * What the store answered for a part.
     *
     * @param tag the store's own name of these bytes (ETag, block id)
     */
    record PartReceipt(int number, long size, String tag) {}

    /** An open upload. */
    record Upload(String name, String id) {}
}
