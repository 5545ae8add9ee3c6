package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.tier.TierMeter.Request;

/** Counts every request and every byte on its way to another tier. Stands inside {@link RetryingTier}, to count attempts. */
public final class MeteredTier implements Tier {
    /** A store answers a list in pages of this many names, each a request. */
    private static final int PAGE = 1000;

    private final Tier tier;
    private final TierMeter meter;

    public MeteredTier(Tier tier, TierMeter meter) {
        this.tier = tier;
        this.meter = meter;
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
        return count(Request.HEAD, () -> tier.head(name));
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        return new MeteredStream(count(Request.GET, () -> tier.get(name, offset, length)), meter);
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        long[] seen = {0};
        count(Request.LIST, () -> {
            tier.list(prefix, info -> {
                if (seen[0] > 0 && seen[0] % PAGE == 0) {
                    meter.asked(Request.LIST, 1);
                }
                seen[0]++;
                each.accept(info);
            });
            return true;
        });
    }

    @Override
    public void put(String name, byte[] content) {
        count(Request.PUT, () -> {
            tier.put(name, content);
            return true;
        });
        meter.moved(Request.PUT, content.length);
    }

    @Override
    public String begin(String name, long size) {
        return count(Request.BEGIN, () -> tier.begin(name, size));
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
        PartReceipt receipt = count(Request.PART, () -> tier.part(name, upload, number, offset, content, md5));
        meter.moved(Request.PART, content.size());
        return receipt;
    }

    @Override
    public Optional<List<PartReceipt>> parts(String name, String upload) {
        return count(Request.PARTS, () -> tier.parts(name, upload));
    }

    @Override
    public void complete(String name, String upload, List<PartReceipt> parts) {
        count(Request.COMPLETE, () -> {
            tier.complete(name, upload, parts);
            return true;
        });
    }

    @Override
    public void abort(String name, String upload) {
        count(Request.ABORT, () -> {
            tier.abort(name, upload);
            return true;
        });
    }

    @Override
    public List<Upload> uploads() {
        return count(Request.UPLOADS, tier::uploads);
    }

    @Override
    public void delete(String name) {
        count(Request.DELETE, () -> {
            tier.delete(name);
            return true;
        });
    }

    @Override
    public void withdraw(String name) {
        count(Request.DELETE, () -> {
            tier.withdraw(name);
            return true;
        });
    }

    @Override
    public boolean hasOlder(String name) {
        return count(Request.LIST, () -> tier.hasOlder(name));
    }

    @Override
    public boolean isHidden(String name) {
        return count(Request.LIST, () -> tier.isHidden(name));
    }

    @Override
    public List<String> hidden(String prefix) {
        return count(Request.LIST, () -> tier.hidden(prefix));
    }

    @Override
    public void reveal(String name) {
        count(Request.DELETE, () -> {
            tier.reveal(name);
            return true;
        });
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return count(Request.LIST, () -> tier.lingering(prefix));
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return tier.lockPeriod();
    }

    @Override
    public Instant keep(String name) {
        return count(Request.LOCK, () -> tier.keep(name));
    }

    @Override
    public Abilities examine(Optional<String> scratch) {
        return tier.examine(scratch);
    }

    @Override
    public Optional<StoredDigest> digest(String name) {
        return count(Request.HEAD, () -> tier.digest(name));
    }

    @Override
    public boolean enforcesPartDigest() {
        return tier.enforcesPartDigest();
    }

    @Override
    public void close() {
        tier.close();
    }

    private <T> T count(Request request, Supplier<T> call) {
        meter.asked(request, 1);
        try {
            T answer = call.get();
            meter.served();
            return answer;
        } catch (StrongroomException e) {
            meter.failed(request, e);
            throw e;
        }
    }
}
