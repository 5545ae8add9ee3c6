package org.strongroom.plugin.tenancy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.AccessSettings;
import org.strongroom.core.time.Pulse;

/**
 * Takes out of Orthanc what somebody sent into another tenant's study, and what Orthanc has read in another way than it was sealed, at
 * once: whoever knows a StudyInstanceUID must neither put
 * images before its owner nor close the study to them. Sealed, it is kept as everything that Orthanc forgets. Until it is out nobody
 * sees the study but who may see both. Thread-safe.
 */
public final class StrayRemoval implements AutoCloseable {
    private static final Logger LOG = System.getLogger(StrayRemoval.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STUDIES = "/studies/";
    private static final Map<String, String> FOLDERS =
            Map.of("Series", "/series/", "Study", STUDIES, "Patient", "/patients/");
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** What could not be done is tried again after as many pauses. */
    private static final int REST = 40;

    private final OrthancApi orthanc;
    private final StudyTenants studies;
    private final Readings readings;
    private final StrayKeys keys;
    private final Consumer<AuditEvent> audit;
    private final Pulse pulse;
    /** By attachment; the pulse's alone. What is out of Orthanc is out of {@link #readings}, and its removal perhaps not over. */
    private final Map<UUID, Misread> misread = new HashMap<>();

    private int resting;

    /**
     * What Orthanc has read as something else than it was sealed as.
     *
     * @param study which was closed, by Orthanc's id
     * @param out what it leaves, from when it may be out of Orthanc until an alert says so
     */
    private record Misread(String instance, Optional<String> study, Optional<Left> out) {}

    /** What an instance was in, and when it had come. */
    private record Left(List<String> ancestors, String received) {}

    /** Starts at once, with what an earlier run of Orthanc may have left. */
    StrayRemoval(
            OrthancApi orthanc, StudyTenants studies, Readings readings, StrayKeys keys, Consumer<AuditEvent> audit) {
        this.orthanc = orthanc;
        this.studies = studies;
        this.readings = readings;
        this.keys = keys;
        this.audit = audit;
        this.pulse = new Pulse("strongroom-strays", PAUSE, this::run);
        readings.listen(pulse::wake);
    }

    private void run() {
        if (resting > 0) {
            resting--;
            return;
        }
        readings.differing().forEach((attachment, instance) -> attempt(() -> closeStudy(attachment, instance)));
        List.copyOf(misread.keySet()).forEach(attachment -> attempt(() -> remove(attachment)));
        studies.strays().forEach(stray -> attempt(() -> remove(stray)));
    }

    private interface Removing {
        void run() throws IOException;
    }

    private void attempt(Removing removing) {
        try {
            removing.run();
        } catch (StrongroomException | IOException e) {
            LOG.log(Level.DEBUG, "A study with a part in quarantine stays closed; it is tried again", e);
            resting = REST;
        }
    }

    /** Whose study it is in, only Orthanc tells. */
    private void closeStudy(UUID attachment, String instance) {
        if (!misread.containsKey(attachment)) {
            Optional<String> study = ancestors(instance).stream()
                    .filter(uri -> uri.startsWith(STUDIES))
                    .map(uri -> uri.substring(STUDIES.length()))
                    .findFirst();
            study.ifPresent(studies::close);
            misread.put(attachment, new Misread(instance, study, Optional.empty()));
        }
    }

    /** Where a step fails, it goes on there when it is tried again; only what cannot be made anew stays as it is. */
    private void remove(UUID attachment) throws IOException {
        Misread found = misread.get(attachment);
        if (attachment(found.instance()).filter(attachment::equals).isPresent()) {
            keys.keep(attachment);
            found = new Misread(found.instance(), found.study(), Optional.of(left(found.instance())));
            misread.put(attachment, found);
            delete(found.instance());
        }
        if (found.out().isPresent()) {
            audit.accept(AuditEvent.of(AuditType.ALERT)
                    .by(AuditEvent.STRONGROOM)
                    .ofTenant(AccessSettings.QUARANTINE)
                    .refused("Orthanc and Strongroom read an image as different ones: it is out of Orthanc, and kept")
                    .with("attachment", attachment));
            misread.put(attachment, new Misread(found.instance(), found.study(), Optional.empty()));
            makeAnew(found.out().get());
        }
        misread.remove(attachment);
        if (misread.values().stream().map(Misread::study).noneMatch(found.study()::equals)) {
            found.study().ifPresent(studies::open);
        }
        readings.gone(attachment);
    }

    private void remove(Stray stray) throws IOException {
        if (!studies.isChecked(stray)) {
            orthanc.get("/system"); // before it answers, what is there may look as if it were not
            for (String study : stray.studies()) {
                below("/studies/" + study, this::isAnothers);
            }
            studies.check(stray);
        }
        for (Map.Entry<UUID, Set<String>> arrived : studies.arrived(stray).entrySet()) {
            for (String instance : arrived.getValue()) {
                if (attachment(instance).filter(arrived.getKey()::equals).isPresent()) {
                    takeOut(instance);
                }
            }
        }
        studies.reopen(stray, keys);
    }

    /** Never says that there is an older one. */
    private boolean isAnothers(String instance) {
        Optional<UUID> attachment = attachment(instance);
        try {
            if (attachment.isPresent()
                    && keys.tenant(attachment.get())
                            .filter(AccessSettings.QUARANTINE::equals)
                            .isPresent()) {
                takeOut(instance);
            }
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "it cannot be told whose an image is")
                    .causedBy(e);
        }
        return false;
    }

    /** Whether {@code wanted} is true of an instance in a patient, study or series; the others are not asked for then. */
    private boolean below(String uri, Predicate<String> wanted) {
        Optional<JsonNode> here = find(uri);
        if (here.isEmpty()) {
            return false;
        }
        for (JsonNode instance : here.get().path("Instances")) {
            if (wanted.test(instance.asText())) {
                return true;
            }
        }
        for (String level : Set.of("Series", "Studies")) {
            for (JsonNode child : here.get().path(level)) {
                if (below("/" + (level.equals("Series") ? "series" : "studies") + "/" + child.asText(), wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Optional<UUID> attachment(String instance) {
        return find("/instances/" + instance + "/attachments/dicom/info")
                .map(info -> UUID.fromString(info.path("Uuid").asText()));
    }

    private void takeOut(String instance) {
        Left left = left(instance);
        delete(instance);
        makeAnew(left);
    }

    private Left left(String instance) {
        return new Left(ancestors(instance), received(instance));
    }

    private void delete(String instance) {
        orthanc.delete("/instances/" + instance);
        LOG.log(Level.WARNING, "What was sent into a study of another tenant is out of Orthanc; it is kept, sealed");
    }

    private void makeAnew(Left left) {
        // Orthanc keeps the tags of a series, study and patient from whatever came first.
        Optional<String> above =
                left.ancestors().stream().filter(uri -> find(uri).isPresent()).findFirst();
        if (above.isPresent() && !below(above.get(), other -> isOlder(received(other), left.received()))) {
            orthanc.post(above.get() + "/reconstruct", "{}".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Series, study and patient; as many as are there. */
    private List<String> ancestors(String instance) {
        List<String> found = new ArrayList<>();
        String uri = "/instances/" + instance;
        for (String level : List.of("Series", "Study", "Patient")) {
            String parent =
                    find(uri).map(here -> here.path("Parent" + level).asText()).orElse("");
            if (parent.isEmpty()) {
                break;
            }
            uri = FOLDERS.get(level) + parent;
            found.add(uri);
        }
        return found;
    }

    private static boolean isOlder(String one, String other) {
        return !one.isEmpty() && one.compareTo(other) < 0;
    }

    /** To the second; empty if that is not known. */
    private String received(String instance) {
        try {
            byte[] date = orthanc.get("/instances/" + instance + "/metadata/ReceptionDate");
            return new String(date, StandardCharsets.US_ASCII);
        } catch (StrongroomException e) {
            return ifGone(e, "");
        }
    }

    private Optional<JsonNode> find(String uri) {
        try {
            return Optional.of(parse(orthanc.get(uri)));
        } catch (StrongroomException e) {
            return ifGone(e, Optional.empty());
        }
    }

    private static <T> T ifGone(StrongroomException e, T answer) {
        if (e.kind() == FailureKind.NOT_FOUND) {
            return answer;
        }
        throw e;
    }

    private static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw StrongroomException.of(FailureKind.BUG, "Orthanc's answer is not JSON")
                    .causedBy(e);
        }
    }

    @Override
    public void close() {
        pulse.close();
    }
}
