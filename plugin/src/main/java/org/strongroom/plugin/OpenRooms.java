package org.strongroom.plugin;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was made ready, closed the last first. Used by the thread that starts and stops the plugin. */
final class OpenRooms implements AutoCloseable {
    private static final Logger LOG = System.getLogger(OpenRooms.class.getName());

    private final Deque<AutoCloseable> rooms = new ArrayDeque<>();

    <T extends AutoCloseable> T opened(T room) {
        rooms.push(room);
        return room;
    }

    /** Closes every one, whatever the others do. */
    @Override
    public void close() {
        while (!rooms.isEmpty()) {
            try {
                rooms.pop().close();
            } catch (Exception e) {
                LOG.log(Level.ERROR, "A part of Strongroom did not stop cleanly", e);
            }
        }
    }
}
