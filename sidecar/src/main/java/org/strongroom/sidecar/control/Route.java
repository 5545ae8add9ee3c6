package org.strongroom.sidecar.control;

import java.io.IOException;

/** Answers one kind of request. Must be thread-safe. */
@FunctionalInterface
interface Route {
    void handle(Call call) throws IOException, InterruptedException;
}
