package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.strongroom.core.io.ByteSource;

/**
 * One store with two sets of credentials: what stands below {@code audit/} is put, read and deleted with those for the audit log. A listing of
 * everything is of the others.
 */
final class LogApartTier extends ForwardingTier {
    private static final String LOG = "audit/";

    private final Tier log;

    /** @param log the same store, for whoever may do something below {@code audit/} */
    LogApartTier(Tier tier, Tier log) {
        super(tier);
        this.log = log;
    }

    private Tier of(String name) {
        return name.startsWith(LOG) ? log : tier;
    }

    @Override
    public Optional<ObjectInfo> head(String name) {
        return of(name).head(name);
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        return of(name).get(name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        of(prefix).list(prefix, each);
    }

    @Override
    public void put(String name, byte[] content) {
        of(name).put(name, content);
    }

    @Override
    public String begin(String name, long size) {
        return of(name).begin(name, size);
    }

    @Override
    public PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5) {
        return of(name).part(name, upload, number, offset, content, md5);
    }

    @Override
    public Optional<List<PartReceipt>> parts(String name, String upload) {
        return of(name).parts(name, upload);
    }

    @Override
    public void complete(String name, String upload, List<PartReceipt> parts) {
        of(name).complete(name, upload, parts);
    }

    @Override
    public void abort(String name, String upload) {
        of(name).abort(name, upload);
    }

    /** Each may see the other's. */
    @Override
    public List<Upload> uploads() {
        return Stream.of(tier, log)
                .flatMap(one -> one.uploads().stream().filter(upload -> of(upload.name()) == one))
                .toList();
    }

    @Override
    public void delete(String name) {
        of(name).delete(name);
    }

    @Override
    public void withdraw(String name) {
        of(name).withdraw(name);
    }

    @Override
    public boolean hasOlder(String name) {
        return of(name).hasOlder(name);
    }

    @Override
    public boolean isHidden(String name) {
        return of(name).isHidden(name);
    }

    @Override
    public List<String> hidden(String prefix) {
        return of(prefix).hidden(prefix);
    }

    @Override
    public void reveal(String name) {
        of(name).reveal(name);
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return of(prefix).lingering(prefix);
    }

    @Override
    public Instant keep(String name) {
        return of(name).keep(name);
    }

    @Override
    public Optional<StoredDigest> digest(String name) {
        return of(name).digest(name);
    }

    @Override
    public void close() {
        log.close();
        tier.close();
    }
}
