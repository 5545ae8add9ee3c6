package org.strongroom.sidecar.tier;

import org.strongroom.core.io.ByteSource;
import org.strongroom.sidecar.uplink.Uplink;

/**
 * Waits for the uplink's leave before a part or an object is begun, which is signed then: a signature ages. The tier inside asks again
 * for every slice. Stands inside {@link RetryingTier}, so that every attempt waits.
 */
final class ThrottledTier extends ForwardingTier {
    private final Uplink uplink;

    ThrottledTier(Tier tier, Uplink uplink) {
        super(tier);
        this.uplink = uplink;
    }

    @Override
    public void put(String name, byte[] content) {
        uplink.begin();
        tier.put(name, content);
    }

    @Override
    public PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5) {
        uplink.begin();
        return tier.part(name, upload, number, offset, content, md5);
    }
}
