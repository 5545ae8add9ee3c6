package org.strongroom.plugin.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.audit.AuditEvent;
import org.strongroom.core.audit.PendingReader;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.core.time.RunningTime;
import org.strongroom.plugin.audit.AuditTap;
import org.strongroom.plugin.bridge.HttpFilter;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.tenancy.OrthancApi;
import org.strongroom.plugin.tenancy.Sender;

/** All of it together, on an Orthanc that has nothing. */
class WatchTest {
    private static final String SETTINGS =
            """
            {"Strongroom": {"Home": "/h", "RootKey": {"KeyFile": "/c"},
                            "Access": {"Login": {"Proxies": ["10.0.0.1"]}}}}
            """;

    @TempDir
    Path folder;

    /** Behind a proxy all that is done by HTTP would come from one place; and nobody else is believed. */
    @ParameterizedTest
    @CsvSource({"10.0.0.1, 198.51.100.7", "10.0.0.2, 10.0.0.2"})
    void whoAsksThroughAProxyIsRecordedWithAnAddressOfTheirOwn(String peer, String recorded) throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        Clock clock = Clock.systemUTC();
        try (Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), clock);
                AuditTap audit = AuditTap.open(home, clock, RunningTime.system())) {
            HttpFilter.Question question = new HttpFilter.Question(
                    HttpMethod.GET, "/studies", peer, List.of(), Map.of("x-forwarded-for", "1.2.3.4, 198.51.100.7"));
            String token;
            try (Watch watch = watch(home, keyring, audit, clock)) {
                token = watch.filter().decide(question).token();
            }
            assertThat(Sender.parse(token).map(Sender::address))
                    .as("what it stores")
                    .contains(recorded);
        }
        List<AuditEvent> events = recorded(home);
        assertThat(events).isNotEmpty();
        assertThat(events).allSatisfy(event -> assertThat(event.address()).contains(recorded));
    }

    private static Watch watch(Home home, Keyring keyring, AuditTap audit, Clock clock) throws IOException {
        return Watch.begin(
                Configuration.parse(SETTINGS),
                SETTINGS,
                new Nothing(),
                keyring,
                audit,
                Optional.empty(),
                Optional.empty(),
                new OwnJobs(RunningTime.system()),
                false,
                home.openJobs(),
                clock);
    }

    private static List<AuditEvent> recorded(Home home) throws IOException {
        List<AuditEvent> events = new ArrayList<>();
        PendingReader reader = new PendingReader(home.pendingAudit());
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get().entry().orElseThrow().event());
        }
        return events;
    }

    private static final class Nothing implements OrthancApi {
        @Override
        public byte[] get(String uri) {
            return "[]".getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] post(String uri, byte[] body) {
            return get(uri);
        }

        @Override
        public void put(String uri, byte[] body) {}

        @Override
        public void delete(String uri) {}
    }
}
