package org.strongroom.sidecar;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * One line per event on standard error, which the plugin or the service manager keeps. {@code STRONGROOM_LOG} is the level, {@code INFO} if it is
 * not set. In Java, because reading the same from XML takes a quarter of a second of each start. Made by logback.
 */
public final class SidecarLog extends ContextAwareBase implements Configurator {
    private static final String LEVEL = "STRONGROOM_LOG";
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{0}:"
            + " %replace(%msg){'[\\r\\n]+', ' '}%replace( %rEx{1}){'[\\r\\n\\t ]+', ' '}%nopex%n";

    /** Leaves the log to whoever gave logback a file of their own: {@code -Dlogback.configurationFile}, or tests. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null
                || SidecarLog.class.getResource("/logback-test.xml") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        begin(context, System.getProperty(LEVEL, System.getenv(LEVEL)));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** @param level a name of logback's; anything else is {@code INFO} */
    static void begin(LoggerContext context, String level) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("STDERR");
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(level, Level.INFO));
        root.addAppender(console);
    }
}
