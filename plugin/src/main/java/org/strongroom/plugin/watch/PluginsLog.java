package org.strongroom.plugin.watch;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.plugin.access.Level;
import org.strongroom.plugin.access.Resource;
import org.strongroom.plugin.bridge.AuditLogs;
import org.strongroom.plugin.tenancy.Sender;

/**
 * Takes over what other plugins tell Orthanc for audit logs, under a type of its own: what the same request is recorded as besides is not
 * counted twice by whoever counts views or deletions. Nothing that a plugin made up is written down unless it has the form of a name; of what
 * it adds, which may name anybody, only the size. Thread-safe.
 */
final class PluginsLog implements AuditLogs {
    private static final List<Level> LEVELS = List.of(Level.PATIENT, Level.STUDY, Level.SERIES, Level.INSTANCE);
    private static final String ORTHANC_ID = "[0-9a-f]{8}(-[0-9a-f]{8}){4}";
    /** Words: no spaces, carets or figures, of which names of patients and their ids are made. */
    private static final String WORDS = "[A-Za-z][A-Za-z._:/-]{0,63}";

    private static final String USER = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";
    private static final String OTHER = "other";

    private final LookUps lookUps;
    private final Consumer<AuditEvent> audit;

    /** @param audit returns when an event is durable; does not throw for want of a disk */
    PluginsLog(LookUps lookUps, Consumer<AuditEvent> audit) {
        this.lookUps = lookUps;
        this.audit = audit;
    }

    @Override
    public void told(Told told) {
        AuditEvent event = AuditEvent.of(AuditType.ORTHANC)
                .by(told.user().matches(USER) ? AuditEvent.person(told.user()) : OTHER)
                .with("way", "plugin")
                .with("plugin", told.plugin().matches(USER) ? told.plugin() : OTHER)
                .with("action", told.action().matches(WORDS) ? told.action() : OTHER)
                .with("dataBytes", told.bytes());
        if (!told.token().isEmpty()) {
            event = event.with("asker", Sender.asker(told.token())); // whose request is recorded for itself
        }
        if (told.level() < 0
                || told.level() >= LEVELS.size()
                || !told.resource().matches(ORTHANC_ID)) {
            audit.accept(event);
            return;
        }
        Level level = LEVELS.get(told.level());
        event = event.with("level", level);
        Set<String> keys = new LinkedHashSet<>(lookUps.keysOf(new Resource(level, false, told.resource())));
        if (keys.isEmpty()) { // gone, or not there yet
            keys.addAll(LookUps.UNKNOWN);
        }
        for (String key : keys) {
            audit.accept(event.with("key", key));
        }
    }
}
