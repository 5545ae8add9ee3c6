package org.strongroom.sidecar.tier;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.RunningTime;
import org.strongroom.core.time.Sleeper;

/**
 * A tier at the end of a slow line that breaks every so often, also while nothing is sent and nobody sees it; counts what was sent of
 * parts, also what was lost. Its time goes on only while it sends or somebody sleeps, so that what is counted does not depend on the
 * machine. For one thread.
 */
public final class BreakingTier {
    private final Tier tier;
    private final long perSecond;
    private volatile Supplier<Duration> untilNext;
    private volatile long worseAfter = Long.MAX_VALUE;
    private volatile Duration worse;
    private final AtomicLong sent = new AtomicLong();
    private volatile Duration now = Duration.ofDays(1);
    private Duration nextCut;
    private int cuts;

    public BreakingTier(Tier tier, long perSecond, Duration cutEvery) {
        this(tier, perSecond, () -> cutEvery);
    }

    /** @param untilNext from one cut to the next */
    public BreakingTier(Tier tier, long perSecond, Supplier<Duration> untilNext) {
        this.tier = tier;
        this.perSecond = perSecond;
        this.untilNext = untilNext;
        this.nextCut = now.plus(untilNext.get());
    }

    /** When so much was sent it breaks so often. */
    public void getsWorse(long after, Duration every) {
        worse = every;
        worseAfter = after;
    }

    public RunningTime time() {
        return () -> now;
    }

    public Sleeper sleeper() {
        return pause -> now = now.plus(pause);
    }

    public long sent() {
        return sent.get();
    }

    /** How often it broke while something was sent. */
    public int cuts() {
        return cuts;
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
            content.read(position, target, offset, length);
            sent.addAndGet(length);
            Duration begun = now;
            now = now.plus(Duration.ofNanos(length * 1_000_000_000L / perSecond));
            if (sent.get() > worseAfter) {
                worseAfter = Long.MAX_VALUE;
                untilNext = () -> worse;
                nextCut = now;
            }
            while (nextCut.compareTo(begun) <= 0) {
                nextCut = nextCut.plus(untilNext.get());
            }
            if (nextCut.compareTo(now) <= 0) {
                cuts++;
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the line is cut");
            }
        });
    }
}
