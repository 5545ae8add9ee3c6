package org.strongroom.sidecar.tier;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;

/**
 * A tier into which an object may not be put while there is a reason against it, whoever tries: the last door that packs, key bundles
 * and copies of the journal pass. Objects that speak of the tier itself ({@code tier.…}) hold nobody's data and always pass.
 */
public final class GuardedTier extends ForwardingTier {
    private static final String OF_THE_TIER = "tier.";

    private final Function<String, Optional<StrongroomException>> reason;

    /** @param reason why the object of this name may not be put there now */
    public GuardedTier(Tier tier, Function<String, Optional<StrongroomException>> reason) {
        super(tier);
        this.reason = reason;
    }

    private void require(String object) {
        if (object.startsWith(OF_THE_TIER)) {
            return;
        }
        reason.apply(object).ifPresent(refusal -> {
            throw refusal;
        });
    }

    @Override
    public void put(String name, byte[] content) {
        require(name);
        tier.put(name, content);
    }

    @Override
    public String begin(String name, long size) {
        require(name);
        return tier.begin(name, size);
    }

    @Override
    public PartReceipt part(String name, String upload, int number, long offset, ByteSource content, byte[] md5) {
        require(name);
        return tier.part(name, upload, number, offset, content, md5);
    }

    @Override
    public void complete(String name, String upload, List<PartReceipt> parts) {
        require(name);
        tier.complete(name, upload, parts);
    }
}
