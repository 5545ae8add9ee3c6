package org.strongroom.plugin.gate;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.time.RunningTime;

/**
 * Denials to those who have not said who they are: anybody could fill the log with them, so an address is told of once in a while, with how
 * many more there were. Thread-safe.
 */
final class NamelessDenials {
    static final Duration WHILE = Duration.ofMinutes(10);
    /** Behind so many addresses all others are one: who has very many of them fills nothing either. */
    static final int MOST = 1000;

    private static final String OTHERS = "";

    private final RunningTime time;
    /** In the order in which they were told of. */
    private final Map<String, Told> told = new LinkedHashMap<>();

    private static final class Told {
        private final Duration at;
        private long more;

        private Told(Duration at) {
            this.at = at;
        }
    }

    NamelessDenials(RunningTime time) {
        this.time = time;
    }

    /** One more; the event if it is to be recorded, with how many of the same address were not. */
    synchronized Optional<AuditEvent> of(String address, AuditEvent event) {
        Duration now = time.now();
        Told before = told.get(address);
        if (before == null) {
            forgetOld(now);
        }
        String whose = told.containsKey(address) || told.size() < MOST ? address : OTHERS;
        before = told.get(whose);
        if (before != null && now.minus(before.at).compareTo(WHILE) < 0) {
            before.more++;
            return Optional.empty();
        }
        told.remove(whose);
        told.put(whose, new Told(now));
        return Optional.of(before == null || before.more == 0 ? event : event.with("moreBefore", before.more));
    }

    /** One that was told of without more can be told of anew; the count of another is kept as long as there is room. */
    private void forgetOld(Duration now) {
        Iterator<Told> oldest = told.values().iterator();
        while (oldest.hasNext()) {
            Told one = oldest.next();
            boolean recent = now.minus(one.at).compareTo(WHILE) < 0;
            if (recent) {
                return;
            }
            if (one.more == 0 || told.size() >= MOST) {
                oldest.remove();
            }
        }
    }
}
