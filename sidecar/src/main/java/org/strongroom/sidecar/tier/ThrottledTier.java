package org.strongroom.sidecar.tier;

import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Asks the uplink for leave before anything is sent to another tier. Stands inside {@link RetryingTier}, so that every attempt is
 * paid for. A folder counts as well: it is usually on another machine.
 */
final class ThrottledTier extends ForwardingTier {
    private final Uplink uplink;
    private final boolean pacesItself;

    /** @param pacesItself whether {@code tier} asks for every slice on its own */
    ThrottledTier(Tier tier, Uplink uplink, boolean pacesItself) {
        super(tier);
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
}
