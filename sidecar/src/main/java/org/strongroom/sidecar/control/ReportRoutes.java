package org.strongroom.sidecar.control;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.strongroom.core.control.FileLine;
import org.strongroom.core.control.LivingFile;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.PatientTime;
import org.strongroom.core.control.Remains;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;

/**
 * Whether this process lives, and what is where: status, studies, packs. Long lists begin with what is there now, not with what the
 * last round knew, and are read page by page, so that a slow reader holds up nobody.
 */
final class ReportRoutes {
    private static final int PAGE = 200;

    private final StatusReport status;
    private final StudyTable studies;
    private final PackTable packs;
    private final FileTable files;
    private final Function<UUID, Remains> remains;
    private final ControlDesk.Orders orders;

    ReportRoutes(
            StatusReport status,
            StudyTable studies,
            PackTable packs,
            FileTable files,
            Function<UUID, Remains> remains,
            ControlDesk.Orders orders) {
        this.status = status;
        this.studies = studies;
        this.packs = packs;
        this.files = files;
        this.remains = remains;
        this.orders = orders;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /alive", call -> call.answer(Map.of()));
        routes.put("GET /status", call -> call.answer(status.status()));
        routes.put("GET /studies", this::studies);
        routes.put("GET /studies/", this::study);
        routes.put("GET /packs", this::packs);
        routes.put("GET /files", this::files);
        routes.put("GET /remains/", this::remains);
        routes.put("GET /living/", this::living);
        routes.put("GET /time", call -> call.answer(new PatientTime(orders.patientTime())));
    }

    private void study(Call call) throws IOException {
        UUID key = Call.uuid(String.join("/", call.path()));
        StudyRow study = studies.find(key)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "no study of this key")
                        .with("key", key));
        call.answer(studies.status(study));
    }

    private void remains(Call call) throws IOException {
        orders.takeIn();
        call.answer(remains.apply(Call.uuid(String.join("/", call.path()))));
    }

    /** Some at a time: whoever asks moves or deletes them, and asks again. */
    private void living(Call call) throws IOException {
        orders.takeIn();
        UUID key = Call.uuid(String.join("/", call.path()));
        long all = remains.apply(key).living(); // or nobody can tell
        List<FileRow> some = all == 0
                ? List.of()
                : files.living(studies.find(key).orElseThrow().id(), 0, PAGE);
        try (Call.Lines lines = call.lines()) {
            for (FileRow file : some) {
                lines.line(new LivingFile(file.uuid(), files.names(file.uuid()), file.arrived()));
            }
        }
    }

    private void studies(Call call) throws IOException {
        orders.takeIn();
        try (Call.Lines lines = call.lines()) {
            long behind = 0;
            for (List<StudyRow> page = studies.page(behind, PAGE); !page.isEmpty(); page = studies.page(behind, PAGE)) {
                for (StudyRow study : page) {
                    lines.line(studies.status(study));
                    behind = study.id();
                }
            }
        }
    }

    private void files(Call call) throws IOException {
        orders.takeIn();
        try (Call.Lines lines = call.lines()) {
            long behind = 0;
            for (List<StudyRow> page = studies.page(behind, PAGE); !page.isEmpty(); page = studies.page(behind, PAGE)) {
                for (StudyRow study : page) {
                    filesOf(study, lines);
                    behind = study.id();
                }
            }
        }
    }

    private void filesOf(StudyRow study, Call.Lines lines) throws IOException {
        long behind = 0;
        for (List<FileRow> page = files.living(study.id(), behind, PAGE);
                !page.isEmpty();
                page = files.living(study.id(), behind, PAGE)) {
            for (FileRow file : page) {
                boolean local = file.place() == Place.SPOOL || file.place() == Place.CACHE;
                for (UUID name : files.names(file.uuid())) {
                    lines.line(new FileLine(name, file.uuid(), file.header().plainSize(), local));
                }
                behind = file.id();
            }
        }
    }

    private void packs(Call call) throws IOException {
        orders.takeIn();
        try (Call.Lines lines = call.lines()) {
            long behind = 0;
            for (Map<Long, PackLine> page = packs.page(behind, PAGE);
                    !page.isEmpty();
                    page = packs.page(behind, PAGE)) {
                for (Map.Entry<Long, PackLine> pack : page.entrySet()) {
                    lines.line(pack.getValue());
                    behind = pack.getKey();
                }
            }
        }
    }
}
