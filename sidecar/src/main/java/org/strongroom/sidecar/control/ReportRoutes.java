package org.strongroom.sidecar.control;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.StudyRow;
import org.strongroom.sidecar.ledger.StudyTable;

/**
 * Whether this process lives, and what is where: status, studies, packs. Long lists are read page by page, so that a slow reader
 * holds up nobody.
 */
final class ReportRoutes {
    private static final int PAGE = 200;

    private final StatusReport status;
    private final StudyTable studies;
    private final PackTable packs;

    ReportRoutes(StatusReport status, StudyTable studies, PackTable packs) {
        this.status = status;
        this.studies = studies;
        this.packs = packs;
    }

    void addTo(Map<String, Route> routes) {
        routes.put("GET /alive", call -> call.answer(Map.of()));
        routes.put("GET /status", call -> call.answer(status.status()));
        routes.put("GET /studies", this::studies);
        routes.put("GET /studies/", this::study);
        routes.put("GET /packs", this::packs);
    }

    private void study(Call call) throws IOException {
        UUID key = Call.uuid(String.join("/", call.path()));
        StudyRow study = studies.find(key)
                .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "no study of this key")
                        .with("key", key));
        call.answer(studies.status(study));
    }

    private void studies(Call call) throws IOException {
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

    private void packs(Call call) throws IOException {
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
