package org.strongroom.plugin.dimse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.time.Sleeper;
import org.strongroom.plugin.bridge.MoveAnswerer;

/**
 * Answers C-MOVE. Each image is a step, so that the counts are those of images; the first of several of a study sends all of them over one
 * association, and the others have nothing left to do. The first image goes with the plan. Thread-safe.
 */
public final class Moves implements MoveAnswerer {
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final String NO_DESTINATION = "it is no destination of the tenant's";
    private final Stations stations;
    private final Holdings holdings;
    private final Store store;
    private final UnaryOperator<String> keyOf;
    private final Sleeper sleeper;
    private final Consumer<AuditEvent> audit;

    /** Sends images. */
    @FunctionalInterface
    public interface Store {
        /**
         * All of them over one association.
         *
         * @param modality what Orthanc calls the destination
         * @param originator AET of whoever asked for the move
         * @throws StrongroomException if one did not arrive
         */
        void send(String modality, List<String> images, String originator, int messageId);
    }

    /**
     * @param keyOf what the audit log calls a study, by Orthanc's id; without spaces
     * @param audit returns when an event is durable
     */
    public Moves(
            Stations stations,
            Holdings holdings,
            Store store,
            UnaryOperator<String> keyOf,
            Sleeper sleeper,
            Consumer<AuditEvent> audit) {
        this.stations = stations;
        this.holdings = holdings;
        this.store = store;
        this.keyOf = keyOf;
        this.sleeper = sleeper;
        this.audit = audit;
    }

    @Override
    public List<String> plan(Move move) {
        AuditEvent event = event(AuditType.QUERY, move);
        String tenant = stations.tenantOf(move.peer()).orElseThrow(() -> refused(event, Stations.NOBODYS));
        if (stations.destination(tenant, move.target().strip()).isEmpty()) {
            throw refused(event, NO_DESTINATION);
        }
        List<String> steps = new ArrayList<>();
        try {
            Map<String, List<String>> studies = new LinkedHashMap<>();
            for (String path : named(tenant, move)) {
                holdings.images(tenant, path)
                        .forEach((study, images) -> studies.computeIfAbsent(study, none -> new ArrayList<>())
                                .addAll(images));
            }
            studies.forEach((study, images) -> steps.addAll(Step.of(keyOf.apply(study), images)));
        } catch (RuntimeException e) {
            audit.accept(event.failed("what is to be moved could not be found"));
            throw e;
        }
        if (steps.isEmpty()) { // as Orthanc: a station that is told of success believes that it has it
            audit.accept(event.failed("nothing is there by this name"));
            throw StrongroomException.of(FailureKind.NOT_FOUND, "nothing is there to be moved");
        }
        audit.accept(event.with("images", steps.size()));
        // As with Orthanc a C-MOVE to a station that is down fails: of a step that fails it would only warn.
        send(move, steps.get(0));
        steps.set(0, Step.DONE);
        return steps;
    }

    @Override
    public void send(Move move, String text) {
        Step step = Step.parse(text);
        if (step.images().isEmpty()) {
            return;
        }
        AuditEvent end = event(AuditType.TRANSFER, move).with("key", step.key()).with("images", step.total());
        // Asked again: settings do not change while Orthanc runs, but this is the door.
        String modality = stations.tenantOf(move.peer())
                .flatMap(tenant -> stations.destination(tenant, move.target().strip()))
                .orElseThrow(() -> refused(end, NO_DESTINATION));
        if (step.sent() == 0) {
            audit.accept(event(AuditType.TRANSFER_BEGIN, move)
                    .with("key", step.key())
                    .with("images", step.total()));
        }
        try {
            tried(modality, step.images(), move, 1);
        } catch (RuntimeException e) {
            // Any of this step's images may have left: only the answer about the last may be missing.
            audit.accept(end.failed("an image was not taken")
                    .with("sent", step.sent())
                    .with("sentAtMost", step.sent() + step.images().size()));
            audit.accept(event(AuditType.ALERT, move)
                    .failed("a transfer ended before all images of a study were sent")
                    .with("key", step.key()));
            throw e;
        }
        if (step.sent() + step.images().size() == step.total()) {
            audit.accept(end.with("sent", step.total()));
        }
    }

    /** Orthanc ends a C-MOVE at the first step that fails, so what could succeed is tried again here. */
    private void tried(String modality, List<String> images, Move move, int attempt) {
        try {
            store.send(modality, images, move.peer().aet(), move.messageId());
        } catch (StrongroomException e) {
            if (attempt == TRIES) {
                throw e;
            }
            try {
                sleeper.sleep(PAUSE);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw e;
            }
            tried(modality, images, move, attempt + 1);
        }
    }

    private AuditEvent event(AuditType type, Move move) {
        return stations.event(type, move.peer()).with("to", move.target());
    }

    private StrongroomException refused(AuditEvent event, String why) {
        audit.accept(event.refused(why));
        return StrongroomException.of(FailureKind.REFUSED, "a C-MOVE is refused")
                .with("reason", why)
                .cure("Name the station in the tenant's Sources and Destinations, and in DicomModalities");
    }

    /** As Orthanc: what the one identifier of the level names, whatever else is said; if no level is told, the narrowest that finds something. */
    private List<String> named(String tenant, Move move) {
        List<Holdings.Level> levels = move.level()
                .map(level -> List.of(level(level)))
                .orElse(List.of(
                        Holdings.Level.IMAGE, Holdings.Level.SERIES, Holdings.Level.STUDY, Holdings.Level.PATIENT));
        for (Holdings.Level level : levels) {
            List<String> found = new ArrayList<>();
            for (String name : identifier(move, level).split("\\\\", -1)) {
                if (!name.isBlank()) {
                    found.addAll(holdings.named(tenant, level, name.strip()));
                }
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static Holdings.Level level(Level level) {
        return switch (level) {
            case PATIENT -> Holdings.Level.PATIENT;
            case STUDY -> Holdings.Level.STUDY;
            case SERIES -> Holdings.Level.SERIES;
            case INSTANCE -> Holdings.Level.IMAGE;
        };
    }

    private static String identifier(Move move, Holdings.Level level) {
        String accession = move.ids().getOrDefault(Id.ACCESSION, "");
        return switch (level) {
            case PATIENT -> move.ids().getOrDefault(Id.PATIENT, "");
            case STUDY -> accession.isBlank() ? move.ids().getOrDefault(Id.STUDY, "") : accession;
            case SERIES -> move.ids().getOrDefault(Id.SERIES, "");
            case IMAGE -> move.ids().getOrDefault(Id.INSTANCE, "");
        };
    }
}
