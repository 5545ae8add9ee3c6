package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.DirectoryAddress;
import org.strongroom.core.settings.DirectorySettings;
import org.strongroom.core.time.OwnThread;
import org.strongroom.core.time.RunningTime;

/**
 * The directory's servers: one after the other until one answers, two questions at a time, and after silence a while of no questions at
 * all, so that a dead directory does not take the threads that let everybody else in. Thread-safe.
 */
final class Servers {
    private static final Logger LOG = System.getLogger(Servers.class.getName());
    private static final Duration REST = Duration.ofSeconds(10);
    private static final int AT_ONCE = 2;
    /** A server that works, and could not answer this one question. */
    private static final Set<ResultCode> OF_THE_QUESTION =
            Set.of(ResultCode.TIME_LIMIT_EXCEEDED, ResultCode.ADMIN_LIMIT_EXCEEDED, ResultCode.OTHER);
    /** Less than Orthanc waits for an answer (BridgeLimits). */
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private final List<DirectoryAddress> servers;
    private final Duration timeout;
    private final Duration whole;
    private final Connections connections;
    private final RunningTime time;
    private final Consumer<Optional<String>> trouble;
    private final Semaphore free = new Semaphore(AT_ONCE, true);
    private final Set<DirectoryAddress> failing = ConcurrentHashMap.newKeySet();
    private volatile DirectoryAddress first;
    private volatile Duration restsUntil = Duration.ZERO;
    private volatile boolean silent;

    /** What is asked of one server. */
    @FunctionalInterface
    interface Question<T> {
        /** @throws LDAPException if this server cannot tell: another one is asked */
        T ask(LDAPConnection connection) throws LDAPException;
    }

    /** @param trouble told when no server answers any more, and why, and, with nothing, when one does again */
    Servers(DirectorySettings settings, Connections connections, RunningTime time, Consumer<Optional<String>> trouble) {
        this.servers = settings.servers();
        this.first = servers.get(0);
        this.timeout = settings.timeout();
        Duration four = timeout.multipliedBy(4);
        this.whole = four.compareTo(LONGEST) < 0 ? four : LONGEST;
        this.connections = connections;
        this.time = time;
        this.trouble = trouble;
    }

    /**
     * The answer of the first server that gives one.
     *
     * @throws StrongroomException UNAVAILABLE if none does, or has not for some seconds, or if many ask
     */
    <T> T ask(Question<T> question) {
        if (time.now().compareTo(restsUntil) < 0) {
            throw unavailable("no server of the users' directory answers");
        }
        enter();
        try {
            return OwnThread.within("strongroom-directory", whole, () -> askAndLeave(question));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw silence("it takes longer than " + whole.toSeconds() + " s").causedBy(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted").causedBy(e);
        }
    }

    boolean isSilent() {
        return silent;
    }

    private void enter() {
        try {
            if (!free.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("too many questions to the users' directory");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("interrupted").causedBy(e);
        }
    }

    /** Whoever waits may have given up by then: the place is free when the work is over, not before. */
    private <T> T askAndLeave(Question<T> question) {
        try {
            return askEach(question);
        } finally {
            free.release();
        }
    }

    private <T> T askEach(Question<T> question) {
        DirectoryAddress preferred = first;
        String last = "";
        boolean answered = false;
        for (int i = 0; i < servers.size(); i++) {
            DirectoryAddress server = servers.get((servers.indexOf(preferred) + i) % servers.size());
            try (LDAPConnection connection = connections.open(server)) {
                T answer = question.ask(connection);
                answered(server);
                return answer;
            } catch (LDAPException e) {
                answered |= OF_THE_QUESTION.contains(e.getResultCode());
                last = failed(server, e.getResultCode());
            } catch (Connections.Refused e) {
                last = failed(server, e);
            }
        }
        // Who is asked about must not be able to keep everybody else out.
        throw answered ? unavailable("the users' directory could not answer this question") : silence(last);
    }

    private void answered(DirectoryAddress server) {
        first = server;
        restsUntil = Duration.ZERO;
        if (failing.remove(server)) {
            LOG.log(Level.INFO, "Directory server " + server + " answers again");
        }
        if (silent) {
            silent = false;
            trouble.accept(Optional.empty());
        }
    }

    /** No message: it may hold names of people. */
    private String failed(DirectoryAddress server, ResultCode code) {
        return failed(server, "result " + code.intValue() + " (" + code.getName() + ")");
    }

    private String failed(DirectoryAddress server, Connections.Refused refused) {
        return failed(server, refused.getMessage());
    }

    private String failed(DirectoryAddress server, String why) {
        if (failing.add(server)) {
            LOG.log(Level.WARNING, "Directory server " + server + " is of no use now: " + why);
        }
        return server + ": " + why;
    }

    private StrongroomException silence(String why) {
        restsUntil = time.now().plus(REST);
        if (!silent) {
            silent = true;
            LOG.log(Level.ERROR, "No server of the users' directory answers: its users cannot log in. Last: " + why);
            trouble.accept(Optional.of(why));
        }
        return unavailable("no server of the users' directory answers");
    }

    private static StrongroomException unavailable(String what) {
        return StrongroomException.of(FailureKind.UNAVAILABLE, what)
                .cure("Try again in a minute. If it stays so, the log says which server fails, and why");
    }
}
