package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.home.Home;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;

class FormerLogTest {
    private static final String ONE = "1".repeat(32);
    private static final String TWO = "2".repeat(32);
    private static final String ROOT = "ab".repeat(32);

    private static String anchor(String log, long size, String root) {
        return String.format("audit/log-%s/checkpoints/%018d-%s", log, size, root);
    }

    private static byte[] checkpoint(long size) {
        byte[] root = new byte[32];
        Arrays.fill(root, (byte) 0xab);
        return ("strongroom/audit/x\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n\n— x sig\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void eachLogEndsAtItsNewestAnchor() {
        List<FormerLog> logs = FormerLog.of(List.of(
                anchor(ONE, 9, "cd".repeat(32)),
                anchor(ONE, 10, ROOT),
                anchor(TWO, 3, ROOT),
                "audit/key-" + ONE,
                "audit/log-" + ONE + "/tile/0/000",
                "keys/00000001-1-ff"));
        assertThat(logs).containsExactly(new FormerLog(ONE, 10, ROOT), new FormerLog(TWO, 3, ROOT));
        assertThat(logs.get(0).gap("far").type()).isEqualTo(AuditType.RECORDING_GAP);
        assertThat(logs.get(0).gap("far").details())
                .containsEntry("formerLog", ONE)
                .containsEntry("formerSize", "10")
                .containsEntry("formerRoot", ROOT);
    }

    @Test
    void whatASnapshotKnewAndTheTierHasNotIsMissing() {
        assertThat(FormerLog.missing(List.of(anchor(ONE, 10, ROOT)), Map.of(), checkpoint(10), "far"))
                .isEmpty();
        assertThat(FormerLog.missing(List.of(anchor(ONE, 11, "cd".repeat(32))), Map.of(), checkpoint(10), "far"))
                .isEmpty();
        for (List<String> names :
                List.of(List.<String>of(), List.of(anchor(ONE, 9, ROOT)), List.of(anchor(ONE, 10, "cd".repeat(32))))) {
            assertThat(FormerLog.missing(names, Map.of(), checkpoint(10), "far"))
                    .map(event -> event.details().get("snapshotSize"))
                    .contains("10");
        }
        assertThat(FormerLog.missing(List.of(), Map.of(), "no checkpoint".getBytes(StandardCharsets.UTF_8), "far"))
                .isEqualTo(Optional.empty());
    }

    /** Of an installation that was recovered before a tier has two logs: the older one, which was longer, hides nothing. */
    @Test
    void aLongerLogOfAnotherKeyIsNotTheOneThatASnapshotKnew() {
        byte[] note = new String(checkpoint(10), StandardCharsets.UTF_8)
                .replace("x sig", "strongroom/audit/x " + Base64.getEncoder().encodeToString(new byte[68]))
                .getBytes(StandardCharsets.UTF_8);
        byte[] its = "strongroom/audit/x+00000000+AAAA\n".getBytes(StandardCharsets.UTF_8);
        byte[] others = "strongroom/audit/x+12345678+AAAA\n".getBytes(StandardCharsets.UTF_8);
        List<String> names = List.of(anchor(ONE, 5, ROOT), anchor(TWO, 500, ROOT));
        Map<String, byte[]> both = Map.of("audit/key-" + ONE, its, "audit/key-" + TWO, others);
        assertThat(FormerLog.missing(names, both, note, "far")).isPresent();
        assertThat(FormerLog.missing(names, Map.of("audit/key-" + TWO, its), note, "far"))
                .as("that is the one")
                .isEmpty();
        assertThat(FormerLog.missing(names, Map.of(), note, "far"))
                .as("nobody knows")
                .isEmpty();
    }

    /** The first try died behind it; a log that grew meanwhile ended elsewhere. */
    @Test
    void aRecoveryThatIsBegunAgainTellsEachEndOnce(@TempDir Path folder) throws IOException {
        List<FormerLog> logs = FormerLog.of(List.of(anchor(ONE, 10, ROOT), anchor(TWO, 3, ROOT)));
        Home home = new Home(folder);
        assertThat(FormerLog.untold(logs, home.pendingAudit())).isEqualTo(logs);
        try (AuditTap audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system())) {
            audit.record(logs.get(0).gap("far"));
        }
        assertThat(FormerLog.untold(logs, home.pendingAudit())).containsExactly(logs.get(1));
        List<FormerLog> grown = FormerLog.of(List.of(anchor(ONE, 11, ROOT)));
        assertThat(FormerLog.untold(grown, home.pendingAudit())).isEqualTo(grown);
    }
}
