package org.strongroom.plugin.openid;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;

/**
 * Two questions to the provider at a time, one that waits a moment for them, and after silence a while of none, so that a dead provider
 * does not take the threads that let everybody else in. Thread-safe.
 */
final class Line {
    private static final Logger LOG = System.getLogger(Line.class.getName());
    private static final Duration REST = Duration.ofSeconds(10);
    private static final Duration QUEUE = Duration.ofSeconds(3);
    private static final int AT_ONCE = 2;
    /** Who waits holds one of the few threads that answer Orthanc's requests. */
    private static final int MOST_WAITING = 1;

    private final RunningTime time;
    private final Consumer<Optional<String>> trouble;
    private final Semaphore free = new Semaphore(AT_ONCE, true);
    private final Semaphore places = new Semaphore(AT_ONCE + MOST_WAITING);
    private volatile Duration restsUntil = Duration.ZERO;
    private boolean silent;
    private boolean sinceRedeeming;

    /** Something that is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws Trouble, Refusal;
    }

    Line(RunningTime time, Consumer<Optional<String>> trouble) {
        this.time = time;
        this.trouble = trouble;
    }

    /**
     * The provider's answer.
     *
     * @param redeems whether this is how people come in: what went wrong there is over when it goes right there
     * @throws StrongroomException UNAVAILABLE if there is none, with the cause; without one if it was not asked, since there was none
     *     some seconds ago or many ask
     */
    <T> T ask(boolean redeems, Question<T> question) throws Refusal {
        if (time.now().compareTo(restsUntil) < 0) {
            throw unavailable("the OpenID Connect provider does not answer");
        }
        if (!acquire()) {
            throw unavailable("too many questions to the OpenID Connect provider");
        }
        try {
            T answer = question.ask();
            answered(redeems);
            return answer;
        } catch (Refusal e) {
            answered(false); // anybody can be refused: who came in shows that it works
            throw e;
        } catch (Trouble e) {
            tell(e, redeems);
            if (e.isOfOneQuestion()) {
                throw new Refusal("the provider fails over this code", e);
            }
            restsUntil = time.now().plus(REST);
            throw unavailable("the OpenID Connect provider does not answer").causedBy(e);
        } finally {
            free.release();
            places.release();
        }
    }

    private boolean acquire() {
        if (!places.tryAcquire()) {
            return false;
        }
        boolean acquired = false;
        try {
            acquired = free.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!acquired) {
                places.release();
            }
        }
        return acquired;
    }

    private synchronized void answered(boolean redeems) {
        if (silent && (redeems || !sinceRedeeming)) {
            silent = false;
            LOG.log(Level.INFO, "The OpenID Connect provider answers again");
            trouble.accept(Optional.empty());
        }
    }

    private synchronized void tell(Trouble why, boolean redeems) {
        sinceRedeeming = redeems || (silent && sinceRedeeming);
        if (!silent) {
            silent = true;
            LOG.log(
                    Level.ERROR,
                    "The OpenID Connect provider is of no use now, its users cannot log in: " + why.getMessage());
            trouble.accept(Optional.of(why.getMessage()));
        }
    }

    private static StrongroomException unavailable(String what) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, what)
                .cure("Try again in a minute. If it stays so, the log says why");
    }
}
