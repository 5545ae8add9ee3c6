package org.strongroom.plugin.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/** Records that the plugin starts, with which settings if they are others than last time, and that it stops. */
public final class Runs implements AutoCloseable {
    private final AuditTap audit;

    private Runs(AuditTap audit) {
        this.audit = audit;
    }

    /** The settings that the log has last, empty if it has none; to be asked before {@link Home#settings} is replaced. */
    public static Optional<String> recordedSettings(Home home) throws IOException {
        for (var file : List.of(home.recordedSettings(), home.settings())) {
            if (Files.exists(file)) {
                return Optional.of(Files.readString(file));
            }
        }
        return Optional.empty();
    }

    /**
     * A start. Its settings are those to compare with the next time only when the difference is durable: a kill loses no change.
     *
     * @param before as {@link #recordedSettings} told
     * @param now settings of this one
     */
    public static Runs begin(AuditTap audit, Home home, Optional<String> before, String now) throws IOException {
        audit.record(AuditEvent.of(AuditType.START).by(AuditEvent.STRONGROOM));
        before.filter(old -> !old.equals(now))
                .ifPresent(old -> SettingsDifference.events(old, now).forEach(audit::record));
        DurableFiles.replace(home.recordedSettings(), now.getBytes(StandardCharsets.UTF_8));
        return new Runs(audit);
    }

    /** The stop. */
    @Override
    public void close() {
        audit.record(AuditEvent.of(AuditType.STOP).by(AuditEvent.STRONGROOM));
    }
}
