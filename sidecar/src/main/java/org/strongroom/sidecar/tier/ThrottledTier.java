package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Asks the uplink for leave before anything is sent to another tier. Stands inside {@link RetryingTier}, so that every attempt is
 * paid for. A folder counts as well: it is usually on another machine.
 */
final class ThrottledTier implements Tier {
    private final Tier tier;
    private final Uplink uplink;
    private final boolean pacesItself;

    /** @param pacesItself whether {@code tier} asks for every slice on its own */
    ThrottledTier(Tier tier, Uplink uplink, boolean pacesItself) {
        this.tier = tier;
        this.uplink = uplink;
        this.pacesItself = pacesItself;
    }

    @Override
    public void put(String name, byte[] content) {
        uplink.begin(); // before it is signed: a signature ages
        for (int left = pacesItself ? 0 : content.length; left > 0; left -= uplink.take(left)) {
            // small: paid for as a whole
        }
        tier.put(name, content);
    }

    @Override
    public PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5) {
        uplink.begin();
        return tier.part(name, upload, number, offset, pacesItself ? content : paced(content), md5);
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
    public String begin(String name, long size) {
        return tier.begin(name, size);
    }

    @Override
    public long minimumPartSize() {
        return tier.minimumPartSize();
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
    public void reveal(String name) {
        tier.reveal(name);
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
    public boolean enforcesPartDigest() {
        return tier.enforcesPartDigest();
    }

    @Override
    public void close() {
        tier.close();
    }
}
