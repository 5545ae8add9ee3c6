package org.strongroom.plugin.openid;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.RunningTime;

/**
 * Two questions to the provider at a time, and after silence a while of none, so that a dead provider does not take the threads that let
 * everybody else in. Thread-safe.
 */
final class Line {
    private static final Logger LOG = System.getLogger(Line.class.getName());
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int AT_ONCE = 2;

    private final RunningTime time;
    private final Consumer<Optional<String>> trouble;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private volatile Duration restsUntil = Duration.ZERO;
    private boolean silent;

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
     * @throws StrongroomException UNAVAILABLE if there is none, or was none some seconds ago, or if many ask
     */
    <T> T ask(Question<T> question) throws Refusal {
        if (time.now().compareTo(restsUntil) < 0) {
            throw unavailable("the OpenID Connect provider does not answer");
        }
        if (!free.tryAcquire()) {
            throw unavailable("too many questions to the OpenID Connect provider");
        }
        try {
            T answer = question.ask();
            answered();
            return answer;
        } catch (Refusal e) {
            answered();
            throw e;
        } catch (Trouble e) {
            throw silence(e);
        } finally {
            free.release();
        }
    }

    private synchronized void answered() {
        if (silent) {
            silent = false;
            LOG.log(Level.INFO, "The OpenID Connect provider answers again");
            trouble.accept(Optional.empty());
        }
    }

    private synchronized StrongroomException silence(Trouble why) {
        restsUntil = time.now().plus(REST);
        if (!silent) {
            silent = true;
            LOG.log(
                    Level.ERROR,
                    "The OpenID Connect provider is of no use now, its users cannot log in: " + why.getMessage());
            trouble.accept(Optional.of(why.getMessage()));
        }
        return unavailable("the OpenID Connect provider does not answer").causedBy(why);
    }

    private static StrongroomException unavailable(String what) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, what)
                .cure("Try again in a minute. If it stays so, the log says why");
    }
}
