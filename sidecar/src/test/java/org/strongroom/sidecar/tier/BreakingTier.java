package org.strongroom.sidecar.tier;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;

/** A tier at the end of a slow line that breaks every so often; counts what was sent of parts, also what was lost. */
public final class BreakingTier {
    private final Tier tier;
    private final RunningTime time;
    private final long perSecond;
    private final Duration cutEvery;
    private final AtomicLong sent = new AtomicLong();
    private Duration nextCut;

    public BreakingTier(Tier tier, RunningTime time, long perSecond, Duration cutEvery) {
        this.tier = tier;
        this.time = time;
        this.perSecond = perSecond;
        this.cutEvery = cutEvery;
        this.nextCut = time.now().plus(cutEvery);
    }

    public long sent() {
        return sent.get();
    }

    public Tier tier() {
        return (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    if (method.getName().equals("part")) {
                        arguments[4] = slow((ByteSource) arguments[4]);
                    }
                    try {
                        return method.invoke(tier, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ByteSource slow(ByteSource content) {
        return ByteSource.of(content.size(), (position, target, offset, length) -> {
            Duration begun = time.now();
            content.read(position, target, offset, length);
            sent.addAndGet(length);
            Duration end = begun.plus(Duration.ofNanos(length * 1_000_000_000L / perSecond));
            while (time.now().compareTo(end) < 0) {
                rest();
            }
            if (time.now().compareTo(nextCut) > 0) {
                nextCut = time.now().plus(cutEvery);
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the line is cut");
            }
        });
    }

    private static void rest() throws IOException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
