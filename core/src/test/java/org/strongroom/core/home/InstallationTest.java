package org.strongroom.core.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;

class InstallationTest {
    @TempDir
    Path folder;

    @Test
    void comesBackAsItWasWritten() throws Exception {
        Installation installation = new Installation(
                UUID.randomUUID(), Instant.parse("2026-11-22T01:02:03Z"), key((byte) 1), key((byte) 0xFF));
        installation.write(folder.resolve("installation.json"));

        assertThat(Installation.read(folder.resolve("installation.json"))).contains(installation);
    }

    @Test
    void isEmptyWhereThereIsNone() throws Exception {
        assertThat(Installation.read(folder.resolve("installation.json"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"format\": 2}",
                "{\"format\": 1, \"installation\": \"x\"}",
                "{\"format\": 1, \"installation\": \"6e0c6c9c-6d1c-4a66-8d4c-0a5d9a5b0f11\", \"created\": \"2026-11-22T01:02:03Z\","
                        + " \"recoveryKey\": \"AAAA\", \"journalKey\": \"AAAA\"}"
            })
    void whatIsNoInstallationFileIsCorrupt(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("installation.json"), content);

        assertThatThrownBy(() -> Installation.read(file))
                .isInstanceOfSatisfying(
                        StrongroomException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
    }

    @Test
    void sealedFilesAreShardedByTheFirstTwoDigits() {
        Home home = new Home(folder);
        UUID uuid = UUID.fromString("abcdef01-2345-4678-89ab-cdef01234567");

        assertThat(home.spooled(uuid)).isEqualTo(folder.resolve("spool/ab/" + uuid));
        assertThat(home.cached(uuid)).isEqualTo(folder.resolve("cache/ab/" + uuid));
        assertThat(home.cachedHead(uuid)).isEqualTo(folder.resolve("cache/ab/" + uuid + ".head"));
    }

    private static byte[] key(byte value) {
        byte[] key = new byte[32];
        Arrays.fill(key, value);
        return key;
    }
}
