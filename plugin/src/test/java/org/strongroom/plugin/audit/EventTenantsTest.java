package org.strongroom.plugin.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.AuditType;
import org.strongroom.core.audit.EventTenants;
import org.strongroom.core.audit.Pending;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class EventTenantsTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    private Path folder;

    private Home home;
    private KeySource source;

    @Test
    void anEventIsTheStudysElseOfWhoDidIt() throws IOException {
        try (Keyring keyring = keyring(Set.of("north", "south"))) {
            EventTenants tenants = new EventTenants(keyring.tenantNames(), keyring.owners()::nameOf, EventTenantsTest::ofUser);
            UUID norths = key(keyring, "north", "1.1");
            UUID souths = key(keyring, "south", "2.1");
            AuditEvent view = AuditEvent.of(AuditType.VIEW).by("nora");
            assertThat(tenants.apply(view.with("key", norths)).tenant()).contains("north");
            assertThat(tenants.apply(view.with("key", souths)).tenant())
                    .as("opened in an emergency")
                    .contains("south");
            assertThat(tenants.apply(view.with("key", "unknown")).tenant()).contains("north");
            assertThat(tenants.apply(AuditEvent.of(AuditType.LOGIN).by("nora")).tenant())
                    .contains("north");
            assertThat(tenants.apply(AuditEvent.of(AuditType.LOGIN).by("of both"))
                            .tenant())
                    .isEmpty();
            assertThat(tenants.apply(AuditEvent.of(AuditType.QUERY).by("of the directory"))
                            .tenant())
                    .as("nobody knows now")
                    .isEmpty();
            assertThat(tenants.apply(view.ofTenant("quarantine").with("key", norths))
                            .tenant())
                    .as("who records knows better")
                    .contains("quarantine");
            UUID stranger = UUID.randomUUID();
            assertThat(tenants.apply(AuditEvent.of(AuditType.PURGE).with("key", stranger))
                            .tenant())
                    .isEmpty();
        }
    }

    @Test
    void whereThereIsOneTenantAllIsTheirsButTheMachine() throws IOException {
        try (Keyring keyring = keyring(Set.of("clinic"));
                AuditTap audit = AuditTap.open(home, CLOCK, RunningTime.system())) {
            audit.complete(new EventTenants(keyring.tenantNames(), keyring.owners()::nameOf, user -> Optional.empty()));
            UUID key = key(keyring, "clinic", "1.1");
            audit.record(AuditEvent.of(AuditType.VIEW).by("anybody").with("key", key));
            audit.sync(audit.write(AuditEvent.of(AuditType.QUERY).by("anybody")));
            audit.record(AuditEvent.of(AuditType.LOGIN_FAILED).by("(unknown)"));
            audit.record(AuditEvent.of(AuditType.START).by(AuditEvent.STRONGROOM));
            audit.record(AuditEvent.of(AuditType.KEY).with("step", "resealed").with("key", key));
        }
        List<String> tenants = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAudit());
        for (Optional<Pending> next = reader.next(); next.isPresent(); next = reader.next()) {
            tenants.add(next.get().entry().orElseThrow().event().tenant().orElse("none"));
        }
        assertThat(tenants).containsExactly("clinic", "clinic", "clinic", "none", "clinic");
    }

    /** An event without a tenant is better than none: whatever is asked may break. */
    @Test
    void whatBreaksCostsTheTenantAndNotTheEvent() {
        EventTenants tenants = new EventTenants(
                Set.of("north", "south"),
                key -> {
                    throw new IllegalStateException("the ledger's driver");
                },
                user -> {
                    throw new IllegalStateException("a directory's");
                });
        AuditEvent view = AuditEvent.of(AuditType.VIEW).by("nora").with("key", UUID.randomUUID());
        assertThat(tenants.apply(view)).isEqualTo(view);
    }

    private static Optional<String> ofUser(String name) {
        if (name.equals("of the directory")) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the directory is silent");
        }
        return name.equals("nora") ? Optional.of("north") : Optional.empty();
    }

    private Keyring keyring(Set<String> names) throws IOException {
        home = new Home(folder.resolve("home"));
        home.createFolders();
        Path root = Files.write(folder.resolve("root.key"), new byte[32]);
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(root)));
        Keyring.create(home, source, UUID.randomUUID(), CLOCK).close();
        return Keyring.open(home, source, names, CLOCK);
    }

    private static UUID key(Keyring keyring, String tenant, String study) throws IOException {
        return keyring.studyKey(
                        tenant, "PID".getBytes(StandardCharsets.US_ASCII), study.getBytes(StandardCharsets.US_ASCII))
                .id();
    }
}
