package org.strongroom.plugin.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.RecordedSettings;
import org.strongroom.plugin.audit.SettingsDifference;

/**
 * Records with which values settings were changed by HTTP while Orthanc runs: a request's own event is recorded before it is answered, by
 * somebody who does not see its body. Changes that nobody asked for by HTTP are told with the next one that somebody did. Never throws.
 * Thread-safe.
 */
final class LiveSettings implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LiveSettings.class.getName());
    private static final String PEERS = "OrthancPeers";
    private static final String WEB_SERVERS = "DicomWebServers";
    /** These may hold a password. */
    private static final Set<String> BY_ADDRESS = Set.of(PEERS, WEB_SERVERS);

    /** A request that Orthanc has not answered by then is looked after once more. */
    private static final List<Duration> LOOKS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(20));

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Function<String, JsonNode> orthanc;
    /** By the names that the settings of a start have for them. */
    private final Map<String, String> places;

    private final Consumer<AuditEvent> audit;
    private final Duration patience;
    private final List<Duration> looks;
    private final ScheduledThreadPoolExecutor thread;
    /** What was told last; null before the first change. Written by the thread alone. */
    private volatile ObjectNode known;

    /**
     * @param orthanc what it, or a plugin of it, says of something, by its path
     * @param webServers path of the DICOMweb plugin's servers, with all that it says of them
     * @param audit returns when an event is durable
     */
    LiveSettings(Function<String, JsonNode> orthanc, String webServers, Consumer<AuditEvent> audit) {
        this(orthanc, webServers, audit, PATIENCE, LOOKS);
    }

    /**
     * @param patience how long a request waits for what there was before it
     * @param looks how long after a request it is looked what has become of it
     */
    LiveSettings(
            Function<String, JsonNode> orthanc,
            String webServers,
            Consumer<AuditEvent> audit,
            Duration patience,
            List<Duration> looks) {
        this.orthanc = orthanc;
        this.places = Map.of(
                "DicomModalities",
                "/modalities?expand",
                PEERS,
                "/peers?expand",
                WEB_SERVERS,
                webServers,
                "AcceptedTransferSyntaxes",
                "/tools/accepted-transfer-syntaxes");
        this.audit = audit;
        this.patience = patience;
        this.looks = List.copyOf(looks);
        thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "strongroom-live-settings");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * A request is going to be answered that may change something: what there was before is known when this returns, or soon, and what the
     * request before changed is told, lest this one undoes it unseen.
     */
    void expectChange() {
        try {
            Future<?> before = thread.submit(() -> carefully(known == null ? this::remember : this::compare));
            for (Duration later : looks) {
                Future<?> unused =
                        thread.schedule(() -> carefully(this::compare), later.toMillis(), TimeUnit.MILLISECONDS);
            }
            before.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            LOG.log(
                    Level.WARNING,
                    "What a request changes in Orthanc''s settings may be missing in the audit log: {0}",
                    e.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remember() {
        if (known == null) {
            known = read();
        }
    }

    private void compare() {
        if (known == null) {
            return; // nobody knows what there was
        }
        ObjectNode now = read();
        ObjectNode comparable = now.deepCopy();
        if (!known.has(WEB_SERVERS)) {
            comparable.remove(WEB_SERVERS); // else all of them would be told as new
        }
        SettingsDifference.events(text(known), text(comparable))
                .forEach(event -> audit.accept(event.with("way", "http")));
        known = now;
    }

    private static String text(ObjectNode all) {
        return JsonNodeFactory.instance
                .objectNode()
                .set(RecordedSettings.ORTHANC, all)
                .toString();
    }

    /** @throws StrongroomException if Orthanc does not say all of it: it is compared another time */
    private ObjectNode read() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        places.forEach((name, path) -> said(name, path).ifPresent(said -> all.set(name, said)));
        return all;
    }

    /** Nothing if there is no such route: the plugin that has it is not loaded. What is known, if anything is, of a plugin that fails to say it: Orthanc's own are compared all the same. */
    private Optional<JsonNode> said(String name, String path) {
        try {
            JsonNode said = orthanc.apply(path);
            return Optional.of(BY_ADDRESS.contains(name) ? RecordedSettings.addresses(said) : said);
        } catch (StrongroomException e) {
            if (e.kind() == FailureKind.NOT_FOUND) {
                return Optional.of(JsonNodeFactory.instance.objectNode());
            }
            if (!name.equals(WEB_SERVERS) || e.kind() != FailureKind.UNAVAILABLE) {
                throw e;
            }
            LOG.log(
                    Level.WARNING,
                    "Which DICOMweb servers there are is not compared, as the plugin does not say it: {0}",
                    e.text());
            return Optional.ofNullable(known).map(before -> before.get(WEB_SERVERS));
        }
    }

    private static void carefully(Runnable work) {
        try {
            work.run();
        } catch (StrongroomException e) {
            LOG.log(
                    Level.WARNING,
                    "Orthanc does not say which settings it has, to be recorded where they are changed: {0}",
                    e.text());
        } catch (RuntimeException e) {
            // Not its message: it may say what was changed.
            LOG.log(
                    Level.ERROR,
                    "What was changed in Orthanc''s settings is not recorded: {0}",
                    e.getClass().getName());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
