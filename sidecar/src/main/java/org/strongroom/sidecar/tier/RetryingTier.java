package org.strongroom.sidecar.tier;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.time.Sleeper;

/**
 * The one layer that tries again: what failed as UNAVAILABLE or FULL, a bounded number of times. A stream that breaks is
 * taken up where it broke; a list goes on behind the last name it gave.
 */
public final class RetryingTier implements Tier {
    private final Tier tier;
    private final RetryPolicy policy;
    private final Sleeper sleeper;
    private final RandomGenerator random;

    public RetryingTier(Tier tier, RetryPolicy policy, Sleeper sleeper, RandomGenerator random) {
        this.tier = tier;
        this.policy = policy;
        this.sleeper = sleeper;
        this.random = random;
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
        return retry(() -> tier.head(name));
    }

    @Override
    public InputStream get(String name, long offset, long length) {
        return new ResumingStream(
                offset, length, (at, left) -> tier.get(name, at, left), new Attempts(policy, sleeper, random));
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> each) {
        String[] last = {""};
        run(() -> tier.list(prefix, info -> {
            if (info.name().compareTo(last[0]) > 0) {
                each.accept(info);
                last[0] = info.name();
            }
        }));
    }

    @Override
    public void put(String name, byte[] content) {
        boolean[] tried = {false};
        run(() -> {
            try {
                tier.put(name, content);
            } catch (StrongroomException e) {
                // An attempt before this one may have succeeded and lost its answer.
                if (!tried[0] || e.kind() != FailureKind.REFUSED || !holds(name, content)) {
                    tried[0] = true;
                    throw e;
                }
            }
        });
    }

    private boolean holds(String name, byte[] content) {
        if (tier.head(name).filter(info -> info.size() == content.length).isEmpty()) {
            return false;
        }
        try (InputStream in = tier.get(name, 0, content.length)) {
            return Arrays.equals(in.readAllBytes(), content);
        } catch (java.io.IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "an object cannot be read back")
                    .causedBy(e);
        }
    }

    @Override
    public String begin(String name, long size) {
        return retry(() -> tier.begin(name, size));
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
        return retry(() -> tier.part(name, upload, number, offset, content, md5));
    }

    @Override
    public Optional<List<PartReceipt>> parts(String name, String upload) {
        return retry(() -> tier.parts(name, upload));
    }

    @Override
    public void complete(String name, String upload, List<PartReceipt> parts) {
        run(() -> tier.complete(name, upload, parts));
    }

    @Override
    public void abort(String name, String upload) {
        run(() -> tier.abort(name, upload));
    }

    @Override
    public List<Upload> uploads() {
        return retry(tier::uploads);
    }

    @Override
    public void delete(String name) {
        run(() -> tier.delete(name));
    }

    @Override
    public void withdraw(String name) {
        run(() -> tier.withdraw(name));
    }

    @Override
    public boolean hasOlder(String name) {
        return retry(() -> tier.hasOlder(name));
    }

    @Override
    public boolean isHidden(String name) {
        return retry(() -> tier.isHidden(name));
    }

    @Override
    public List<String> hidden(String prefix) {
        return retry(() -> tier.hidden(prefix));
    }

    @Override
    public void reveal(String name) {
        run(() -> tier.reveal(name));
    }

    @Override
    public Optional<Lingering> lingering(String prefix) {
        return retry(() -> tier.lingering(prefix));
    }

    @Override
    public Optional<Duration> lockPeriod() {
        return tier.lockPeriod();
    }

    @Override
    public Instant keep(String name) {
        return retry(() -> tier.keep(name));
    }

    @Override
    public Abilities examine(Optional<String> scratch) {
        return retry(() -> tier.examine(scratch));
    }

    @Override
    public Optional<StoredDigest> digest(String name) {
        return retry(() -> tier.digest(name));
    }

    @Override
    public boolean enforcesPartDigest() {
        return retry(tier::enforcesPartDigest);
    }

    @Override
    public void close() {
        tier.close();
    }

    private void run(Runnable call) {
        retry(() -> {
            call.run();
            return true;
        });
    }

    private <T> T retry(Supplier<T> call) {
        Attempts attempts = new Attempts(policy, sleeper, random);
        while (true) {
            try {
                return call.get();
            } catch (StrongroomException e) {
                attempts.failed(e);
            }
        }
    }
}
