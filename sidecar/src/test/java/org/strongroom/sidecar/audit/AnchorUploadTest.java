package org.strongroom.sidecar.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.home.Home;
import org.strongroom.sidecar.search.WrittenLog;
import org.strongroom.sidecar.tier.MemoryTier;

class AnchorUploadTest {
    private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration KEEP = Duration.ofDays(2192);

    @TempDir
    Path temporary;

    private final MemoryTier tier = new MemoryTier("near");
    private Home home;

    private void write(Instant begin, int count, AuditEvent event) {
        try {
            WrittenLog.append(home, begin, Duration.ZERO, count, i -> event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first time that a long log is pruned: a few objects at a time, each once, behind what says so. */
    @Test
    void whatIsNotKeptGoesLittleByLittle() throws IOException {
        home = new Home(temporary.resolve("home"));
        home.createFolders();
        write(BEGIN, 1000, AuditEvent.of(AuditType.VIEW));
        Tiles tiles = Tiles.in(home.audit());
        NoteKey key = LogReader.key(home.audit());
        AnchorUpload upload = new AnchorUpload(
                tiles, new PruneNotice(tiles), tier, key, new Checkpoint(key.name(), 0, Merkle.empty()));
        byte[] before = tiles.read(AuditLog.CHECKPOINT).orElseThrow();
        upload.write(LogReader.open(before, key), before, 0);
        Pruner pruner = new Pruner(home.audit(), KEEP, held -> false);
        pruner.prune(
                pruner.plan(BEGIN.plus(KEEP).plusSeconds(1), () -> Long.MAX_VALUE),
                event -> write(BEGIN.plus(KEEP), 1, event),
                () -> {});
        assertThat(upload.dropPruned(768, 4)).as("the tier does not say so").isFalse();
        assertThat(full()).hasSize(6);
        byte[] note = tiles.read(AuditLog.CHECKPOINT).orElseThrow();
        upload.write(LogReader.open(note, key), note, 768);
        assertThat(upload.dropPruned(768, 4)).isTrue();
        assertThat(full()).hasSize(2);
        assertThat(upload.dropPruned(768, 4)).isFalse();
        assertThat(full()).isEmpty();
        assertThat(LogVerification.of(new AnchoredLog(tier, key), key, List.of()))
                .isEqualTo(Verdict.good(1001));
    }

    private List<String> full() {
        List<String> names = new ArrayList<>();
        tier.list("audit/", object -> {
            if (object.name().matches(".*/tile/(0|entries)/[0-9]{3}")) {
                names.add(object.name());
            }
        });
        return names;
    }
}
