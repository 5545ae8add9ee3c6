package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.io.ByteSource;

/** A tier that is another one; who extends it says only what is different. As safe for several threads as that one. */
abstract class ForwardingTier implements Tier {
    final Tier tier;

    ForwardingTier(Tier tier) {
        this.tier = tier;
    }

    @Override
    public String name() {
        return tier.name();
    }

    @Override
    public String kind() {
        return tier.kind();
    }

    @Override
    public Optional<ObjectInfo> head(String name) {
        return tier.head(name);
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        return tier.get(name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        tier.list(prefix, each);
    }

    @Override
    public void put(String name, byte[] content) {
        tier.put(name, content);
    }

    @Override
    public String begin(String name, long size) {
        return tier.begin(name, size);
    }

    @Override
    public long minimumPartSize() {
        return tier.minimumPartSize();
    }

    @Override
    public boolean wantsEqualParts() {
        return tier.wantsEqualParts();
    }

    @Override
    public PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5) {
        return tier.part(name, upload, number, offset, content, md5);
    }

    @Override
    public Optional<List<PartReceipt>> parts(String name, String upload) {
        return tier.parts(name, upload);
    }

    @Override
    public void complete(String name, String upload, List<PartReceipt> parts) {
        tier.complete(name, upload, parts);
    }

    @Override
    public void abort(String name, String upload) {
        tier.abort(name, upload);
    }

    @Override
    public List<Upload> uploads() {
        return tier.uploads();
    }

    @Override
    public void delete(String name) {
        tier.delete(name);
    }

    @Override
    public void withdraw(String name) {
        tier.withdraw(name);
    }

    @Override
    public boolean hasOlder(String name) {
        return tier.hasOlder(name);
    }

    @Override
    public boolean isHidden(String name) {
        return tier.isHidden(name);
    }

    @Override
    public List<String> hidden(String prefix) {
        return tier.hidden(prefix);
    }

    @Override
    public void reveal(String name) {
        tier.reveal(name);
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return tier.lingering(prefix);
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return tier.lockPeriod();
    }

    @Override
    public Instant keep(String name) {
        return tier.keep(name);
    }

    @Override
    public Abilities examine(Optional<String> scratch) {
        return tier.examine(scratch);
    }

    @Override
    public Optional<StoredDigest> digest(String name) {
        return tier.digest(name);
    }

    @Override
    public boolean enforcesPartDigest() {
        return tier.enforcesPartDigest();
    }

    @Override
    public void close() {
        tier.close();
    }
}
