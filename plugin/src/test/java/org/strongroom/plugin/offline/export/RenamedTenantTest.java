package org.strongroom.plugin.offline.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.strongroom.core.home.TenantIds;
import org.strongroom.core.settings.Settings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.hold.Holds;
import org.strongroom.plugin.hold.OneTenant;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.OneStudyCommands;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tenant.OwnedStudies;
import org.strongroom.plugin.retention.PlannedStudy;
import org.strongroom.plugin.retention.RetentionPlan;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** The only tenant was called clinic, and is called praxis now; a study waits in quarantine. */
class RenamedTenantTest extends OneStudyCommands {
    private UUID newer;
    private UUID attachment;
    private UUID waiting;

    @Override
    protected String more() {
        return ", \"Tenants\": {\"praxis\": {\"Sources\": {\"AETs\": [\"CT\"]}}}, \"Retention\": {\"Approvers\": [\"Dr. Roe\", \"Dr. Doe\"]}";
    }

    @BeforeEach
    void studies() throws IOException {
        try (Keyring keyring = opened()) {
            newer = keyring.studyKey("praxis", bytes("P1"), bytes("1.2.4")).id();
            attachment = keyring.attachmentKey().id();
            waiting =
                    keyring.studyKey("quarantine", bytes("P2"), bytes("1.2.5")).id();
        }
    }

    private Keyring opened() throws IOException {
        return Keyring.open(home, source, Set.of("praxis", "quarantine"), Clock.systemUTC());
    }

    /** What the first start with two tenants does. */
    private void keepApart() throws IOException {
        try (Keyring keyring = opened();
                AuditTap audit = AuditTap.open(home, Clock.systemUTC(), RunningTime.system());
                Journal journal = Journal.open(
                        home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
            new Holds(keyring, Clock.systemUTC()).keepOnce("quarantine", "nobody has decided", journal, audit);
        }
    }

    private Place place() throws IOException {
        return new Place(Settings.parse(Files.readString(folder.resolve("orthanc.json"))), home);
    }

    @Command
    private static final class Selecting {
        @ArgGroup(exclusive = false, multiplicity = "1")
        private ExportSelection selection;
    }

    private List<UUID> exported(String tenant) throws IOException {
        Selecting selecting = new Selecting();
        new CommandLine(selecting).parseArgs("--tenant", tenant);
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            OwnedStudies.learn(place(), keyring);
            return selecting.selection.keys(keyring).keys();
        }
    }

    @Test
    void itsStudiesAreExportedUnderItsName() throws IOException {
        assertThat(exported("praxis")).containsExactlyInAnyOrder(key, newer, attachment);
        assertThat(exported("quarantine")).containsExactly(waiting);
        keepApart();
        assertThat(exported("praxis")).containsExactly(newer);
        assertThat(exported("clinic")).containsExactlyInAnyOrder(key, attachment);
    }

    @Test
    void itsStudiesAreErasedUnderItsName() throws IOException {
        String[] order = {
            "shred", "order", "--tenant", "praxis", "--owner", "Dr. Roe", "--reason", "left us", "--dry-run"
        };
        assertThat(run(order)).as(err).isZero();
        assertThat(out).isEqualTo("3 study keys of tenant praxis would be destroyed\n");
        order[3] = "clinic";
        assertThat(run(order)).as("nobody is called so").isEqualTo(1);
        keepApart();
        order[3] = "praxis";
        assertThat(run(order)).as(err).isZero();
        assertThat(out).isEqualTo("1 study key of tenant praxis would be destroyed\n");
    }

    @Test
    void aPatientIsNotTwoTenants() throws IOException {
        assertThat(run("shred", "order", "--patient", "P1", "--owner", "Dr. Roe", "--reason", "letter", "--dry-run"))
                .as(err)
                .isZero();
        assertThat(out).isEqualTo("2 study keys of tenant praxis would be destroyed\n");
        keepApart();
        assertThat(run("shred", "order", "--patient", "P1", "--owner", "Dr. Roe", "--reason", "letter", "--dry-run"))
                .isEqualTo(1);
        assertThat(err).contains("clinic 1, praxis 1");
    }

    private boolean isHeld(UUID some) throws IOException {
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            Holds holds = new Holds(keyring, Clock.systemUTC());
            Journal.read(home.journal(), keyring.home(), (entry, chain) -> holds.replay(entry));
            return holds.isHeld(some, keyring.owners().tenantOf(some));
        }
    }

    private void hold(String tenant) {
        assertThat(run("hold", "add", "--tenant", tenant, "--owner", "Dr. Roe", "--reason", "case"))
                .as(err)
                .isZero();
    }

    @Test
    void aHoldOnItIsOnWhatWasSealedUnderEitherName() throws IOException {
        hold("praxis");
        assertThat(isHeld(key)).isTrue();
        assertThat(isHeld(newer)).isTrue();
        assertThat(isHeld(attachment)).isTrue();
        assertThat(isHeld(waiting)).as("nobody has decided whose it is").isFalse();
    }

    @Test
    void aHoldFromBeforeIsOnWhatComesNow() throws IOException {
        hold("clinic");
        assertThat(isHeld(key)).isTrue();
        assertThat(isHeld(newer)).isTrue();
    }

    @Test
    void aHoldOfOneOfSeveralIsOnNothingElse() throws IOException {
        keepApart();
        hold("praxis");
        assertThat(isHeld(newer)).isTrue();
        assertThat(isHeld(key)).isFalse();
    }

    private List<String> planned() throws IOException {
        try (Keyring keyring = Keyring.read(home, source, Clock.systemUTC())) {
            OwnedStudies.learn(place(), keyring);
            RetentionPlan plan =
                    new RetentionPlan(place().settings(), Clock.systemUTC().instant(), keyring.owners()::of);
            plan.unread(key, keyring.owners().tenantOf(key).orElseThrow(), 1);
            plan.unread(waiting, keyring.owners().tenantOf(waiting).orElseThrow(), 1);
            return plan.studies(keyring::tenantName, Map.of(), List.of()).stream()
                    .map(PlannedStudy::tenant)
                    .toList();
        }
    }

    @Test
    void rulesOfItsAreAboutAllOfItsStudies() throws IOException {
        assertThat(planned()).containsExactlyInAnyOrder("praxis", "quarantine");
        keepApart();
        assertThat(planned()).containsExactlyInAnyOrder("clinic", "quarantine");
    }

    private Map<UUID, String> told() throws IOException {
        try (Keyring keyring = opened();
                Journal journal = Journal.open(
                        home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})) {
            Holds holds = new Holds(keyring, Clock.systemUTC());
            Journal.read(home.journal(), keyring.home(), (entry, chain) -> holds.replay(entry));
            OneTenant.tell(place().settings(), holds, keyring);
            holds.complete(journal);
            keyring.tellTenants(home);
        }
        return TenantIds.names(home.tenantIds());
    }

    @Test
    void whoHasNoKeysIsToldWhatItIsCalledNow() throws IOException {
        assertThat(told().values()).containsExactlyInAnyOrder("praxis", "praxis", "quarantine");
        opened().close();
        assertThat(TenantIds.names(home.tenantIds()).values())
                .as("also by who has not read the journal")
                .containsExactlyInAnyOrder("praxis", "praxis", "quarantine");
        keepApart();
        assertThat(told().values()).containsExactlyInAnyOrder("clinic", "praxis", "quarantine");
    }
}
