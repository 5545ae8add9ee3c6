package org.strongroom.plugin.offline.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.cli.Console;
import org.strongroom.core.control.ErasureRequest;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.erase.ErasureOrder;
import org.strongroom.plugin.erase.Erasures;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.retention.RetentionPlanCommand.Made;
import org.strongroom.plugin.offline.retention.RetentionSweep.Result;
import org.strongroom.plugin.retention.Approval;
import org.strongroom.plugin.retention.Approvals;
import org.strongroom.plugin.retention.Consent;
import org.strongroom.plugin.retention.Execution;
import org.strongroom.plugin.retention.Fate;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.Told;

/** What needs no sidecar. */
class RetentionCommandsTest extends OneStudyCommands {
    private static final Instant THEN = Instant.parse("2026-05-01T00:00:00Z");

    @Override
    protected String more() {
        return ", \"Retention\": {\"Approvers\": [\"Dr. Roe\", \"Dr. Doe\"], \"Grace\": \"10 days\"}";
    }

    private String approved(Keyring keyring) throws IOException {
        PlannedStudy due = new PlannedStudy(
                key, "1.2.3", "clinic", 1, 1, Fate.DUE, "2020-01-01", List.of(), List.of(), List.of(), null);
        Approvals approvals = Approvals.read(home, keyring);
        Approval first = approvals.approve(List.of(due), new Consent("Dr. Roe", "law", THEN));
        return approvals.agree(first, new Consent("Dr. Doe", "checked", THEN)).digest();
    }

    private int undo(String digest, String owner) {
        return run("retention", "undo", digest, "--owner", owner, "--reason", "wait", "--json");
    }

    @Test
    void anApprovalIsListedUntilItIsTakenBackAndWhatWasOrderedByItIsWithdrawn() throws IOException {
        assertThat(run("retention", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever approved\n");
        String digest;
        UUID erasure = UUID.randomUUID();
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            digest = approved(keyring);
            Approvals approvals = Approvals.read(home, keyring);
            approvals.hand(digest, new Approval.Handed(erasure, List.of(key), THEN));
            order(
                    keyring,
                    ErasureOrder.order(keyring, erasure, approvals.all().get(0).order(), List.of(key)));
        }
        assertThat(run("retention", "list")).isZero();
        assertThat(out).contains(digest + "  approved, from 2026-05-11T00:00:00Z on, 1 study key, 0 destroyed");
        assertThat(out).contains(erasure.toString());
        assertThat(run("retention", "list", "--json")).isZero();
        assertThat(out).contains("\"state\":\"approved\"", "\"owner\":\"Dr. Roe\"", erasure.toString());

        assertThat(undo(digest, "Dr. Who")).isEqualTo(1);
        assertThat(undo("0".repeat(32), "Dr. Doe")).isEqualTo(1);
        assertThat(undo(digest, "dr. doe")).as(out + err).isZero();
        assertThat(out).contains("\"withdrawn\":1");
        assertThat(run("shred", "list", "--json")).isZero();
        assertThat(out).as("as the settings write it").contains("\"withdrawnBy\":\"Dr. Doe\"");
        assertThat(run("retention", "list")).isZero();
        assertThat(out).contains(digest + "  undone");
        assertThat(undo(digest, "Dr. Roe")).isZero();
        assertThat(out).contains("\"withdrawn\":0");
        assertThat(undone()).as("recorded").isEqualTo(1);
    }

    private long undone() throws IOException {
        PendingReader reader = new PendingReader(home.pendingAuditOfCommands());
        long undone = 0;
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            AuditEvent event = next.get().entry().orElseThrow().event();
            undone += "undo".equals(event.details().get("step")) ? 1 : 0;
        }
        return undone;
    }

    /** What was not read may say that more has to stay: whoever runs it by a timer must see that. */
    @Test
    void aPlanThatIsNotWholeIsSaidAndIsNoSuccess() throws IOException {
        StringWriter printed = new StringWriter();
        Console console = new Console(new PrintWriter(printed), new PrintWriter(printed), false, false);
        Result nothing = new Result(List.of(), new Execution(List.of(), Map.of(), 0), Map.of(), List.of());
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            for (Map<String, Long> unread : List.of(Map.<String, Long>of(), Map.of("the tier does not answer", 3L))) {
                Made made = new Made(List.of(), unread, Told.read(home, keyring), THEN, Map.of(), new Arrived());
                assertThat(RetentionExecuteCommand.tell(console, made, nothing, THEN))
                        .isEqualTo(unread.isEmpty() ? Console.DONE : Console.NOT_DONE);
            }
        }
        assertThat(printed.toString()).contains("3 not read, so they stay: the tier does not answer");
    }

    @Test
    void anUndoThatDiedBeforeItWithdrewIsGoneOnWith() throws IOException {
        UUID erasure = UUID.randomUUID();
        String digest;
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            digest = approved(keyring);
            Approvals approvals = Approvals.read(home, keyring);
            approvals.hand(digest, new Approval.Handed(erasure, List.of(key), THEN));
            order(
                    keyring,
                    ErasureOrder.order(keyring, erasure, approvals.all().get(0).order(), List.of(key)));
            approvals.undo(approvals.open(digest).orElseThrow(), new Consent("Dr. Roe", "wait", THEN));
        }
        assertThat(undo(digest, "Dr. Roe")).as(out + err).isZero();
        assertThat(out).contains("\"withdrawn\":1");
        assertThat(run("shred", "list")).isZero();
        assertThat(out).contains("withdrawn");
    }

    private void order(Keyring keyring, ErasureRequest order) throws IOException {
        Clock clock = Clock.systemUTC();
        Holds holds = new Holds(keyring, clock);
        try (AuditTap audit = AuditTap.ofCommand(home, clock, RunningTime.system());
                Journal journal =
                        Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, clock, holds::replay)) {
            new Erasures(keyring, holds, List.of("Dr. Roe", "Dr. Doe"), clock)
                    .carryOut(order, journal, audit, any -> null, Optional.empty());
        }
    }

    @Test
    void nothingIsDeletedWhileNoOrthancRunsNorApprovedByAStranger() {
        assertThat(run("retention", "execute")).isEqualTo(1);
        assertThat(err).contains("no Orthanc runs");
        assertThat(run("retention", "approve", "0".repeat(32), "--owner", "Dr. Who", "--reason", "law"))
                .isEqualTo(1);
        assertThat(err).contains("nobody who may have something erased");
    }
}
