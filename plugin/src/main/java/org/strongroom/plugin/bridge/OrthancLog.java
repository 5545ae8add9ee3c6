package org.strongroom.plugin.bridge;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Orthanc's log. While installed it also takes what is logged through {@link System.Logger} or java.util.logging under
 * {@code org.strongroom}. Thread-safe; after Finalize lines go nowhere.
 */
public final class OrthancLog {
    private static final String PREFIX = "Strongroom: ";
    private static final Logger OURS = Logger.getLogger("org.strongroom"); // kept here, or java.util.logging forgets it

    private final Orthanc orthanc;
    private final Handler handler = new Forward();

    OrthancLog(Orthanc orthanc) {
        this.orthanc = orthanc;
    }

    public void info(String line) {
        orthanc.logInfo(oneLine(line));
    }

    public void warning(String line) {
        orthanc.logWarning(oneLine(line));
    }

    public void error(String line) {
        orthanc.logError(oneLine(line));
    }

    /** What was logged cannot pretend to be another line. */
    private static String oneLine(String line) {
        return PREFIX + line.replaceAll("\\p{Cntrl}", " ");
    }

    void install() {
        OURS.setUseParentHandlers(false);
        OURS.addHandler(handler);
    }

    void uninstall() {
        OURS.removeHandler(handler);
    }

    private final class Forward extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            if (!isLoggable(record)) {
                return;
            }
            Throwable thrown = record.getThrown();
            String line = formatter.formatMessage(record) + (thrown == null ? "" : ". " + Failures.describe(thrown));
            if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
                error(line);
            } else if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                warning(line);
            } else {
                info(line);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
