package org.strongroom.plugin.keys;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.Cobblestone;
import org.strongroom.core.home.FormerKeys;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.core.secret.Key32;

/**
 * Puts another root key in the place of the one there is: everything that it wraps is wrapped anew beside the keyring, opened, and
 * then decided by one rename. What was decided is finished by whoever opens the keyring next, without any key; what was not never
 * happened. So it may be killed at any time (format.md §5.6). Used by one thread, by whoever holds Home's lock.
 */
public final class RootChange {
    private static final Logger LOG = LoggerFactory.getLogger(RootChange.class);

    private final KeyringFiles files;
    private final Installation installation;
    private final Steps steps;
    private final SecureRandom random = new SecureRandom();

    public RootChange(Home home, Installation installation) {
        this(home, installation, Steps.UNSEEN);
    }

    RootChange(Home home, Installation installation, Steps steps) {
        this.files = new KeyringFiles(home);
        this.installation = installation;
        this.steps = steps;
    }

    /** Told after each thing that is on the disk then. */
    @FunctionalInterface
    interface Steps {
        Steps UNSEEN = () -> {};

        void done() throws IOException;
    }

    private static AuditEvent event(String step, String kind) {
        return AuditEvent.of(AuditType.KEY).with("root", kind).with("step", step);
    }

    /** The kind of source that the keyring was wrapped with last, as in {@code keyring/root.json}. */
    public String kind() throws IOException {
        return RootParameters.read(files.root()).kind();
    }

    /**
     * Whether this source gives the root key that there is.
     *
     * @throws StrongroomException UNAVAILABLE if it does not answer; CORRUPT if the keyring is damaged
     */
    public boolean isOpenedBy(KeySource source) throws IOException {
        try {
            Key32 root = source.rootKey(RootParameters.read(files.root()));
            try {
                KeyringOpening.tenants(installation, files, root);
                return true;
            } finally {
                root.destroy();
            }
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.REFUSED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes everything ready beside the keyring, which stays as it is.
     *
     * @return how many tenants' keys are wrapped anew
     * @throws StrongroomException REFUSED if {@code from} does not open the keyring, or {@code to} gives the same root key, or not the
     *     same one twice; as {@link KeySource} if one of them fails; CORRUPT if the keyring is damaged
     */
    public int prepare(KeySource from, KeySource to, Instant now) throws IOException {
        finish(files, steps);
        clear(files.next());
        discard();
        try {
            return ready(from, to, now);
        } catch (IOException | RuntimeException e) {
            discardAfter(e);
            throw e;
        }
    }

    private int ready(KeySource from, KeySource to, Instant now) throws IOException {
        RootParameters current = RootParameters.read(files.root());
        Key32 before = from.rootKey(current);
        try {
            Tenants tenants = KeyringOpening.tenants(installation, files, before);
            requireOther(current, before, to);
            RootParameters parameters = to.newParameters(random);
            Key32 after = to.rootKey(parameters);
            try {
                write(tenants, before, after, parameters, now);
            } finally {
                after.destroy();
            }
            prove(tenants, to);
            return tenants.size();
        } finally {
            before.destroy();
        }
    }

    /** A passphrase with another salt is another root key, but the same secret. Who wraps a random key gives another one each time. */
    private static void requireOther(RootParameters current, Key32 before, KeySource to) {
        if (current.wrapped().isEmpty() && current.kind().equals(to.kind())) {
            Key32 same = to.rootKey(current);
            try {
                if (same.equals(before)) {
                    throw StrongroomException.of(FailureKind.REFUSED, "this is the root key that there is")
                            .with("kind", to.kind())
                            .cure("Name another source in Strongroom.RootKey, and with --former a copy of the"
                                    + " configuration as it was");
                }
            } finally {
                same.destroy();
            }
        }
    }

    /** Forgets what {@link #prepare} made ready. */
    public void discard() throws IOException {
        discard(files);
    }

    /** The same of whoever was killed before it was decided; a source that was given up must not open it for ever. */
    static void discard(KeyringFiles files) throws IOException {
        clear(files.undecided());
    }

    private void discardAfter(Exception failure) {
        try {
            discard();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Does what {@link #prepare} made ready, and records that it begins. Returns when no file of the keyring opens with the old root key; then it
     * is to be {@linkplain #tell told}.
     *
     * @param by who does it
     */
    public void decide(Consumer<AuditEvent> audit, String by) throws IOException {
        try {
            audit.accept(event("begin", kind()).by(by));
            DurableFiles.rename(files.undecided(), files.next());
        } catch (IOException | RuntimeException e) {
            discardAfter(e);
            throw e;
        }
        steps.done();
        finish(files, steps);
    }

    /** Finishes a change that was decided and interrupted. Whether there was one that was not told of. */
    public boolean finish() throws IOException {
        finish(files, steps);
        return Files.exists(files.next());
    }

    /**
     * Records that a change is done, unless there was none, or it was recorded; a kill at the wrong moment makes it two records, never none. For
     * whoever holds Home's lock and has opened the keyring, or finished the change.
     *
     * @param by who did it
     */
    public static void tell(Home home, Consumer<AuditEvent> audit, String by) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        if (Files.exists(files.next())) {
            String kind = RootParameters.read(files.root()).kind();
            audit.accept(event("done", kind).by(by));
            clear(files.next());
            DurableFiles.fsyncDirectory(files.folder());
        }
    }

    private void write(Tenants tenants, Key32 before, Key32 after, RootParameters parameters, Instant now)
            throws IOException {
        KeyringFiles next = new KeyringFiles(files.undecided());
        DurableFiles.createDirectories(next.tenants());
        steps.done();
        for (Tenant tenant : tenants.every()) {
            Path file = next.tenant(tenant.id(), tenant.epoch());
            DurableFiles.replace(file, tenant.wrappedTo(after).encode());
            steps.done();
        }
        JournalKey.open(files, installation.id(), before)
                .orElseThrow(() -> files.damaged(files.journalKey()))
                .write(next, installation.id(), after);
        steps.done();
        if (Files.exists(files.recoveryPending())) {
            byte[] context = KeyringFiles.recoveryContext(installation.id());
            byte[] plain = Cobblestone.open(before, context, files.read(files.recoveryPending()));
            try {
                next.seal(next.recoveryPending(), after, context, plain);
            } finally {
                Arrays.fill(plain, (byte) 0);
            }
            steps.done();
        }
        parameters.write(next.root());
        new FormerKeys(now).write(next.former());
        steps.done();
    }

    /** What the source gives when it is asked again, as it is at each start, opens what was written. */
    private void prove(Tenants tenants, KeySource to) throws IOException {
        KeyringFiles next = new KeyringFiles(files.undecided());
        Key32 root = to.rootKey(RootParameters.read(next.root()));
        try {
            Optional<Tenants> opened = Tenants.open(next, installation.id(), root);
            if (opened.isEmpty()
                    || !opened.get().isSame(tenants)
                    || JournalKey.open(next, installation.id(), root).isEmpty()) {
                throw StrongroomException.of(FailureKind.REFUSED, "the new source does not give its root key again")
                        .with("kind", to.kind())
                        .cure("Nothing has changed. Look at the source, and try again");
            }
            if (Files.exists(next.recoveryPending())) {
                byte[] context = KeyringFiles.recoveryContext(installation.id());
                byte[] plain = Cobblestone.open(root, context, next.read(next.recoveryPending()));
                try {
                    recover(tenants, Key32.of(plain));
                } finally {
                    Arrays.fill(plain, (byte) 0);
                }
            }
        } finally {
            root.destroy();
        }
    }

    /** While the recovery key is here it must open what is copied as it is: the good wraps in the tiers' bundles are deleted after this. */
    private void recover(Tenants tenants, Key32 recoveryKey) {
        try {
            for (Tenant tenant : tenants.every()) {
                requireRecovered(tenant, recoveryKey);
            }
        } finally {
            recoveryKey.destroy();
        }
    }

    private void requireRecovered(Tenant tenant, Key32 recoveryKey) {
        Path file = files.tenant(tenant.id(), tenant.epoch());
        boolean same;
        try {
            same = Tenant.recover(tenant.record(), recoveryKey).hasKeysOf(tenant);
        } catch (StrongroomException e) {
            throw files.damaged(file).causedBy(e);
        }
        if (!same) {
            throw files.damaged(file);
        }
    }

    /** Whether a change was decided, and files are still to be moved. */
    static boolean isPending(KeyringFiles files) throws IOException {
        return Files.exists(files.next()) && !decided(files.next()).isEmpty();
    }

    private static List<Path> decided(Path next) throws IOException {
        try (Stream<Path> all = Files.walk(next)) {
            return new ArrayList<>(all.filter(Files::isRegularFile).toList());
        }
    }

    /**
     * Finishes a change that was decided; {@code former.json} comes last, and makes the sidecar look at the tiers. Empty folders stay
     * until {@link #tell}.
     */
    static void finish(KeyringFiles files, Steps steps) throws IOException {
        Path next = files.next();
        if (!Files.exists(next)) {
            return;
        }
        List<Path> changed = decided(next);
        Path last = new KeyringFiles(next).former();
        changed.sort(Comparator.<Path, Boolean>comparing(last::equals).thenComparing(Comparator.naturalOrder()));
        for (Path file : changed) {
            moveOver(file, files.folder().resolve(next.relativize(file)));
            steps.done();
        }
    }

    /** What a disk keeps of what is overwritten, nobody can tell. */
    static void moveOver(Path file, Path target) throws IOException {
        if (!Files.exists(target)) {
            DurableFiles.rename(file, target);
            return;
        }
        try (RandomAccessFile old = new RandomAccessFile(target.toFile(), "rw")) {
            DurableFiles.rename(file, target);
            overwrite(old, target);
        } catch (FileNotFoundException e) { // also if it may not be written: what was decided is finished all the same
            DurableFiles.rename(file, target);
            notOverwritten(target, e);
        }
    }

    static void overwrite(RandomAccessFile old, Path target) {
        try {
            old.write(new byte[Math.toIntExact(old.length())]);
            old.getFD().sync();
        } catch (IOException e) {
            notOverwritten(target, e);
        }
    }

    static void notOverwritten(Path target, IOException e) {
        LOG.warn("{} has another content, and the disk may keep the old one: {}", target.getFileName(), e.getMessage());
    }

    private static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
