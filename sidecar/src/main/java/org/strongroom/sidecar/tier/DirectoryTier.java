package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.io.DiskSpace;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Objects as files under a directory, which the administrator makes: a directory that is not there is UNAVAILABLE, never
 * empty. Uploads live in {@code .uploads/<id>/} until they are complete.
 *
 * <p>A part's MD5 is checked while it is written. It is not read back: right after the write the page cache would answer, and
 * say nothing of the disk.
 */
public final class DirectoryTier implements Tier {
    /** The object that marks a tier (format.md §7). Once seen, a directory without it is an empty mount point. */
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryTier.class);

    private static final String MARKER = "tier.id";

    private static final Pattern UPLOAD_ID = Pattern.compile("[0-9a-f-]{36}");
    private static final String UNKNOWN_UPLOAD = "the tier does not know this upload";

    private final String name;
    private final Path root;
    private final Path uploads;
    private final Uplink uplink;
    /** Held while an upload is made, which is none before it is whole. */
    private final Object beginning = new Object();

    private final FileFailures failures;
    private final Object publishing = new Object();
    private volatile boolean marked;

    /** The tier {@code name} in the directory {@code root}; touches nothing yet. */
    public DirectoryTier(String name, Path root) {
        this(name, root, Uplink.unlimited());
    }

    /** The same, whose bytes the uplink counts: a folder is usually on another machine. */
    DirectoryTier(String name, Path root, Uplink uplink) {
        this.uplink = uplink;
        this.name = name;
        this.root = root;
        this.uploads = root.resolve(".uploads");
        this.failures = new FileFailures(name, root);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "directory";
    }

    /**
     * Whether this tier and {@code other} are on one file system, so that one failing disk takes both. A path that does not
     * exist yet counts where it would be made.
     */
    public boolean sharesFileSystemWith(Path other) {
        return reading(() -> {
            Path existing = other.toAbsolutePath();
            while (!Files.exists(existing) && existing.getParent() != null) {
                existing = existing.getParent();
            }
            // The device number: two FileStores differ for two mounts of one device.
            return Files.getAttribute(root, "unix:dev").equals(Files.getAttribute(existing, "unix:dev"));
        });
    }

    @Override
    public Optional<ObjectInfo> head(String object) {
        Path file = file(object);
        return reading(() -> DirectoryWalk.sizeOf(file).map(size -> new ObjectInfo(object, size)));
    }

    @Override
    public InputStream get(String object, long offset, long length) {
        Path file = file(object);
        return reading(() -> {
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                if (offset < 0 || length < 0 || offset > channel.size() - length) {
                    channel.close();
                    throw failure(FailureKind.CORRUPT, "an object in the tier is shorter than it was", object);
                }
                channel.position(offset);
                return new ExactStream(Channels.newInputStream(channel), length, failures::read);
            } catch (NoSuchFileException e) {
                requireThere();
                throw failure(FailureKind.NOT_FOUND, "the tier does not have this object", object)
                        .causedBy(e);
            }
        });
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        DirectoryWalk walk = new DirectoryWalk(ObjectName.checkPrefix(prefix), each);
        reading(() -> {
            walk.walk(root);
            return null;
        });
    }

    @Override
    public void put(String object, byte[] content) {
        Path file = file(object);
        writing(() -> {
            createDirectories(file.getParent());
            Path temporary = DurableFiles.writeTemporary(file, channel -> {
                for (int done = 0; done < content.length; ) {
                    int count = uplink.take(content.length - done);
                    DurableFiles.writeFully(channel, ByteBuffer.wrap(content, done, count));
                    done += count;
                }
            });
            try {
                publish(temporary, file, object);
            } finally {
                Files.deleteIfExists(temporary);
            }
            return null;
        });
    }

    @Override
    public String begin(String object, long size) {
        ObjectName.check(object);
        String id = UUID.randomUUID().toString();
        return writing(() -> {
            if (DiskSpace.of(root).usable() < size) {
                throw failures.full().with("bytes", size);
            }
            createDirectories(uploads);
            synchronized (beginning) {
                DirectoryUpload.create(uploads.resolve(id), object, size);
            }
            return id;
        });
    }

    @Override
    public long minimumPartSize() {
        return 1;
    }

    @Override
    public PartReceipt part(String object, String upload, int number, long offset, ByteSource content, byte[] md5) {
        return writing(() -> {
            DirectoryUpload open = open(object, upload)
                    .filter(DirectoryUpload::hasData)
                    .orElseThrow(() -> failure(FailureKind.NOT_FOUND, UNKNOWN_UPLOAD, object));
            return open.write(number, offset, paced(content), md5);
        });
    }

    private ByteSource paced(ByteSource content) {
        return ByteSource.of(content.size(), (position, target, offset, length) -> {
            int done = 0;
            while (done < length) {
                int count = uplink.take(length - done);
                content.read(position + done, target, offset + done, count);
                done += count;
            }
        });
    }

    @Override
    public Optional<List<PartReceipt>> parts(String object, String upload) {
        return reading(() -> {
            Optional<DirectoryUpload> open = open(object, upload);
            return open.isEmpty() ? Optional.empty() : Optional.of(open.get().receipts());
        });
    }

    @Override
    public void complete(String object, String upload, List<PartReceipt> parts) {
        Path file = file(object);
        long size = parts.stream().mapToLong(PartReceipt::size).sum();
        writing(() -> {
            Optional<DirectoryUpload> open = open(object, upload);
            boolean published = DirectoryWalk.sizeOf(file).equals(Optional.of(size));
            if (open.isEmpty() && !published) {
                throw failure(FailureKind.NOT_FOUND, UNKNOWN_UPLOAD, object);
            }
            if (open.isPresent()) {
                if (open.get().hasData() || !published) {
                    open.get().check(parts);
                    createDirectories(file.getParent());
                    publish(open.get().data(), file, object);
                }
                open.get().delete();
            }
            return null;
        });
    }

    @Override
    public void abort(String object, String upload) {
        writing(() -> {
            Optional<DirectoryUpload> open = open(object, upload);
            if (open.isPresent()) {
                open.get().delete();
            }
            return null;
        });
    }

    @Override
    public List<Upload> uploads() {
        return reading(() -> {
            List<Upload> found = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(uploads)) {
                for (Path entry : entries) {
                    String id = entry.getFileName().toString();
                    Optional<DirectoryUpload> open = openOrRemove(entry);
                    open.ifPresent(upload -> found.add(new Upload(upload.object(), id)));
                }
            } catch (NoSuchFileException e) {
                requireThere();
                return List.of(); // nothing was ever begun here
            }
            return found;
        });
    }

    /** Nobody can name an upload that a kill cut short in its first or its last step: it goes as soon as it is seen. */
    private Optional<DirectoryUpload> openOrRemove(Path folder) throws IOException {
        synchronized (beginning) {
            Optional<DirectoryUpload> open = DirectoryUpload.open(folder);
            if (open.isEmpty() && isOurs(folder)) {
                removeRemains(folder);
            }
            return open;
        }
    }

    /** Whether this is the name of an upload: some file servers keep folders of their own in every folder. */
    private static boolean isOurs(Path folder) {
        String name = folder.getFileName().toString();
        try {
            return UUID.fromString(name).toString().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void removeRemains(Path folder) {
        try {
            DirectoryUpload.removeRemains(folder);
        } catch (IOException e) {
            LOG.debug("what is left of an upload stays in {}", folder, e); // no reason not to go on with the others
        }
    }

    @Override
    public void delete(String object) {
        Path file = file(object);
        writing(() -> {
            if (Files.deleteIfExists(file)) {
                if (object.equals(MARKER)) {
                    marked = false;
                }
                DurableFiles.fsyncDirectory(file.getParent());
            }
            return null;
        });
    }

    @Override
    public boolean enforcesPartDigest() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is held open between calls.
    }

    @FunctionalInterface
    private interface FileCall<T> {
        T run() throws IOException;
    }

    private <T> T reading(FileCall<T> call) {
        return run(call, failures::read);
    }

    private <T> T writing(FileCall<T> call) {
        return run(call, failures::write);
    }

    /** A disk may come and go at any moment: nothing counts unless it was there before and after. */
    private <T> T run(FileCall<T> call, Function<IOException, StrongroomException> failure) {
        requireThere();
        T result;
        try {
            result = call.run();
        } catch (IOException e) {
            requireThere();
            throw failure.apply(e);
        }
        requireThere();
        return result;
    }

    /** An absent file, a missing disk and a bare mount point look alike: this tells them apart. */
    private void requireThere() {
        if (Files.exists(root.resolve(MARKER))) {
            marked = true;
        } else if (marked || !Files.isDirectory(root)) {
            throw failures.unmounted();
        }
    }

    private Path file(String object) {
        return root.resolve(ObjectName.check(object));
    }

    /** Renames a finished file to its name. One at a time, so that of two with one name the second is refused. */
    private void publish(Path from, Path file, String object) throws IOException {
        synchronized (publishing) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw failure(FailureKind.REFUSED, "the tier already has an object of this name", object);
            }
            DurableFiles.rename(from, file);
        }
    }

    /** Makes directories below the root, durably; never the root itself. */
    private void createDirectories(Path directory) throws IOException {
        if (directory.equals(root) || Files.isDirectory(directory)) {
            return;
        }
        createDirectories(directory.getParent());
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            requireThere(); // another thread made it; which of us fsyncs first does not matter
        }
        DurableFiles.fsyncDirectory(directory.getParent());
    }

    private Optional<DirectoryUpload> open(String object, String upload) throws IOException {
        return UPLOAD_ID.matcher(upload).matches()
                ? DirectoryUpload.open(uploads.resolve(upload))
                        .filter(open -> open.object().equals(object))
                : Optional.empty();
    }

    private StrongroomException failure(FailureKind kind, String text, String object) {
        return failures.of(kind, text).with("object", object);
    }
}
