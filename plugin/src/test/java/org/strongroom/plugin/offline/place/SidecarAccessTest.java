package org.strongroom.plugin.offline.place;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.cli.Console;
import org.strongroom.core.cli.Session;
import org.strongroom.core.control.ControlJson;
import org.strongroom.core.control.StandInSidecar;
import org.strongroom.core.control.UplinkStatus;
import org.strongroom.core.home.Home;

class SidecarAccessTest {
    @TempDir
    Path folder;

    /** It would end while a person thinks about a plan. */
    @Test
    void aSidecarThatRunsIsAskedAgainAndAgainWhileItIsUsed() throws Exception {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        byte[] unlimited = ControlJson.write(new UplinkStatus("unlimited", null, "unlimited", null, Map.of()));
        Semaphore asked = new Semaphore(0);
        try (StandInSidecar standIn = new StandInSidecar()) {
            standIn.on("/v1/uplink", exchange -> {
                        StandInSidecar.give(exchange, 200, unlimited);
                        asked.release();
                    })
                    .begin(home, UUID.randomUUID());
            Session session = session(home);
            int status = SidecarAccess.run(session, Place.of(session), pause -> {}, (sidecar, alone) -> {
                assertThat(alone).isFalse();
                assertThat(asked.tryAcquire(3, 30, TimeUnit.SECONDS))
                        .as("whether it runs, at once, and again")
                        .isTrue();
                return 7;
            });
            assertThat(status).isEqualTo(7);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("strongroom-asking");
        }
    }

    private Session session(Home home) throws IOException {
        Path config = Files.writeString(
                folder.resolve("orthanc.json"),
                "{\"Strongroom\": {\"Home\": \"%s\", \"RootKey\": {\"KeyFile\": \"%s\"}}}"
                        .formatted(home.root(), folder.resolve("root.key")));
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return new Session(new Console(nowhere, nowhere, false, false), config, Map.of(), Optional.empty());
    }
}
