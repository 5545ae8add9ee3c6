package org.strongroom.sidecar.tier;

import java.time.Duration;
import java.util.function.Supplier;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.tier.TierMeter.Request;

/** What {@link RetryingTier} and {@link MeteredTier} are to a tier, to its archive classes. */
final class SteadyArchive implements ArchiveClasses {
    private final ArchiveClasses archive;
    private final TierMeter meter;
    private final Supplier<Attempts> attempts;

    SteadyArchive(ArchiveClasses archive, TierMeter meter, Supplier<Attempts> attempts) {
        this.archive = archive;
        this.meter = meter;
        this.attempts = attempts;
    }

    @Override
    public Shelf shelf(String object) {
        return ask(Request.HEAD, () -> archive.shelf(object));
    }

    @Override
    public void move(String object, String storageClass) {
        ask(Request.PUT, () -> {
            archive.move(object, storageClass);
            return true;
        });
    }

    @Override
    public String storageClass(String object) {
        return ask(Request.HEAD, () -> archive.storageClass(object));
    }

    @Override
    public Duration bringBack(String object, Urgency urgency, Duration kept) {
        return ask(Request.PUT, () -> archive.bringBack(object, urgency, kept));
    }

    private <T> T ask(Request request, Supplier<T> call) {
        Attempts all = attempts.get();
        while (true) {
            meter.asked(request, 1);
            try {
                T answer = call.get();
                meter.served();
                return answer;
            } catch (StrongroomException e) {
                meter.failed(request, e);
                all.failed(e);
            }
        }
    }
}
