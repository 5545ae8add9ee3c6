package org.strongroom.sidecar.tier;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

/** What goes wrong with the next calls of a tier, in order: {@code new TierFaults().fail(3, UNAVAILABLE).pass(1).loseAnswer()}. */
public final class TierFaults {
    private static final Set<String> NEVER =
            Set.of("name", "kind", "minimumPartSize", "wantsEqualParts", "close", "toString");

    /** One call: whether the tier gets it, and what the caller gets instead of an answer. */
    private record Fault(boolean reachesTheTier, FailureKind kind) {}

    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    /** The next calls fail before they reach the tier. */
    public TierFaults fail(int calls, FailureKind kind) {
        for (int i = 0; i < calls; i++) {
            faults.add(new Fault(false, kind));
        }
        return this;
    }

    /** The next call is done, but the caller hears of a broken line. */
    public TierFaults loseAnswer() {
        faults.add(new Fault(true, FailureKind.UNAVAILABLE));
        return this;
    }

    /** The next calls go well. */
    public TierFaults pass(int calls) {
        for (int i = 0; i < calls; i++) {
            faults.add(new Fault(true, null));
        }
        return this;
    }

    /** Faults that no call has met yet. */
    public int left() {
        return faults.size();
    }

    /** {@code tier} with these faults. */
    public Tier around(Tier tier) {
        return (Tier) Proxy.newProxyInstance(
                Tier.class.getClassLoader(), new Class<?>[] {Tier.class}, (self, method, arguments) -> {
                    Fault fault = NEVER.contains(method.getName()) ? null : faults.poll();
                    if (fault != null && !fault.reachesTheTier()) {
                        throw StrongroomException.of(fault.kind(), "a fault of the test");
                    }
                    try {
                        Object answer = method.invoke(tier, arguments);
                        if (fault != null && fault.kind() != null) {
                            throw StrongroomException.of(fault.kind(), "a lost answer of the test");
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
