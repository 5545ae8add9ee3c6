package org.strongroom.plugin.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.strongroom.plugin.bridge.BridgeLimits;
import org.strongroom.plugin.bridge.RestAnswer;
import org.strongroom.plugin.bridge.RestHandler;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.login.page.LoginPages;

/** Who here answers a request, and how many are answered at a time. Thread-safe. */
final class Turns {
    private final List<Answerer> answerers;
    private final Lists lists;
    private final RestHandler pages;
    private final Semaphore waiters = new Semaphore(Jobs.MOST_WAITING);
    private final Semaphore turns = new Semaphore(BridgeLimits.DEFAULTS.restWorkers());

    /** @param pages of the login */
    Turns(List<Answerer> answerers, Lists lists, RestHandler pages) {
        this.answerers = List.copyOf(answerers);
        this.lists = lists;
        this.pages = pages;
    }

    /** As {@link AccessControl#routes}. */
    List<String> routes() {
        List<String> routes = new ArrayList<>(Lists.ROUTES);
        answerers.forEach(one -> routes.addAll(one.routes()));
        return routes;
    }

    /** As {@link AccessControl#before}. */
    RestHandler before(RestHandler others) {
        return asked -> {
            RestRequest request = asked.with(Arguments.meant(asked.arguments()));
            for (Answerer one : answerers) {
                if (one.isFor(request.path())) {
                    return one.mayWait() ? waiting(one, request) : inTurn(one, request);
                }
            }
            if (Lists.answers(request.path())) {
                return inTurn(lists, request);
            }
            return inTurn(LoginPages.answers(request.path()) ? pages : others, request);
        };
    }

    /** Threads beside those of {@link #inTurn}, so that whoever waits for jobs keeps nobody from logging in. */
    private RestAnswer waiting(RestHandler handler, RestRequest request) {
        if (!waiters.tryAcquire()) {
            throw Jobs.tooMany();
        }
        try {
            return handler.handle(request);
        } finally {
            waiters.release();
        }
    }

    /** A search takes memory: not more of them at a time. */
    private RestAnswer inTurn(RestHandler handler, RestRequest request) {
        turns.acquireUninterruptibly();
        try {
            return handler.handle(request);
        } finally {
            turns.release();
        }
    }
}
