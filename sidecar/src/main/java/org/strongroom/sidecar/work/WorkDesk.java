package org.strongroom.sidecar.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.control.IndexBatch;
import org.strongroom.core.control.Work;
import org.strongroom.core.control.WorkAnswer;
import org.strongroom.core.time.RunningTime;

/** Open items of work, in memory: whoever offers one offers it again after a restart. Thread-safe. */
public final class WorkDesk {
    /** An item that is not answered for so long is given out again. */
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(75);
    private static final int BATCH = 16;

    private final RunningTime time;
    private final Map<String, Item> open = new LinkedHashMap<>();
    private final Duration opened;
    private Duration heard;
    private boolean gone;
    private UUID asker;

    public WorkDesk(RunningTime time) {
        this.time = time;
        this.opened = time.now();
    }

    private static final class Item {
        private final Work work;
        private final Predicate<WorkAnswer> answered;
        private final Consumer<IndexBatch> delivered;
        /** When it may be given out (again); null for at once. */
        private Duration due;

        private Item(Work work, Consumer<IndexBatch> delivered, Predicate<WorkAnswer> answered) {
            this.work = work;
            this.delivered = delivered;
            this.answered = answered;
        }
    }

    /**
     * Offers an item; one with the same id that is still open stays as it is.
     *
     * @param answered told the answer, on the thread that brought it; false to have the item given out again later
     */
    public void offer(Work work, Predicate<WorkAnswer> answered) {
        offer(work, batch -> {}, answered);
    }

    /** As {@link #offer(Work, Predicate)}, for work whose result comes in parts: {@code delivered} is told each as it arrives. */
    public void offer(Work work, Consumer<IndexBatch> delivered, Predicate<WorkAnswer> answered) {
        synchronized (open) {
            open.putIfAbsent(work.id(), new Item(work, delivered, answered));
            open.notifyAll();
        }
    }

    /**
     * A part of the result of an item, which is being worked on for as long as parts arrive.
     *
     * @return whether anybody waits for it
     */
    public boolean deliver(String id, IndexBatch batch) {
        Item item;
        synchronized (open) {
            hear();
            item = open.get(id);
            if (item == null) {
                return false;
            }
            item.due = heard.plus(PATIENCE);
        }
        item.delivered.accept(batch);
        return true;
    }

    /** Takes an item back that nobody needs any more. */
    public void withdraw(String id) {
        synchronized (open) {
            open.remove(id);
        }
    }

    /**
     * Items for the plugin, which is known to live by asking. A plugin that ended while its question waited here cannot be
     * told from one that still listens: what it was given would be lost until {@link #PATIENCE} ends. So the first question
     * of a new life ends those of the life before, and is given what that did not answer.
     *
     * @param life names the life of the plugin that asks
     * @param wait how long to wait for the first
     * @return perhaps none
     */
    public List<Work> take(UUID life, Duration wait) throws InterruptedException {
        synchronized (open) {
            hear();
            Duration end = heard.plus(wait);
            if (!life.equals(asker)) {
                asker = life;
                open.values().forEach(item -> item.due = null);
                open.notifyAll();
            }
            while (true) {
                if (!life.equals(asker)) {
                    return List.of();
                }
                List<Work> items = due();
                long left = end.minus(time.now()).toMillis();
                if (!items.isEmpty() || left <= 0) {
                    return items;
                }
                open.wait(left);
            }
        }
    }

    private void hear() {
        heard = time.now();
        gone = false;
    }

    /** The plugin's Orthanc stops: it asks no more, until the next one does. */
    public void leaves() {
        synchronized (open) {
            gone = true;
        }
    }

    private List<Work> due() {
        Duration now = time.now();
        List<Work> items = new ArrayList<>();
        for (Item item : open.values()) {
            if (items.size() < BATCH && (item.due == null || item.due.compareTo(now) <= 0)) {
                item.due = now.plus(PATIENCE);
                items.add(item.work);
            }
        }
        return items;
    }

    /** The plugin's answer; an item that is not open any more is no error. */
    public void answer(String id, WorkAnswer answer) {
        Item item;
        synchronized (open) {
            hear();
            item = open.get(id);
        }
        if (item != null && item.answered.test(answer)) {
            withdraw(id);
        }
    }

    /** When, in running time, the plugin last asked or answered; empty if it never did. */
    public Optional<Duration> heard() {
        synchronized (open) {
            return Optional.ofNullable(heard);
        }
    }

    /** Whether a plugin asked or answered lately, and has not said that it ends. */
    public boolean isConnected() {
        synchronized (open) {
            if (gone) {
                return false;
            }
        }
        return heard().filter(last -> time.now().minus(last).compareTo(HEARTBEAT) < 0)
                .isPresent();
    }

    /** Whether no plugin asked or answered for so long, since this desk is open, that none is just starting. */
    public boolean isMissed() {
        return time.now().minus(heard().orElse(opened)).compareTo(HEARTBEAT) >= 0;
    }
}
