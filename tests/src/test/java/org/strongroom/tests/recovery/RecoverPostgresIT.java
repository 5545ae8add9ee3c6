package org.strongroom.tests.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Postgres;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/** Everything is gone but a tier and three sheets of paper, the PostgreSQL server that had Orthanc's index as well. */
class RecoverPostgresIT {
    private final Map<String, byte[]> images = new HashMap<>();
    private Marks marks;
    private Path kit;

    @Test // of PostgreSQL 17 into 18, and another Orthanc
    void theIndexComesBackIntoAnEmptyDatabase() throws IOException {
        Debian before = Debian.TRIXIE; // older Orthancs have no labels
        Debian after = Debian.SID;
        try (Clinic lost = new Clinic(before).withPassphrase();
                Clinic made = new Clinic(after).withPassphrase()) {
            try (Postgres database = new Postgres(before)) {
                burn(lost, database);
            }
            try (Postgres database = new Postgres(after)) {
                Path config = made.scratch().folder("new").resolve("orthanc.json");
                database.database("taken");
                assertRefused(lost, made, after, config, database);

                write(config, database.section("orthanc"));
                JsonNode told = told(recover(lost, made, after, config, Postgres.PASSWORD));
                assertThat(told.path("whole").asBoolean()).isTrue();
                assertThat(told.at("/recovery/snapshot").isNull()).isFalse();
                assertThat(told.at("/recovery/database").asText()).startsWith("orthanc/");
                assertThat(told.at("/plan/images").asInt()).as(told.toString()).isEqualTo(1);
                assertThat(told.at("/outcome/registered").asInt()).isEqualTo(1);
                assertThat(told.at("/outcome/removed").asInt()).isPositive();
                // The same command again: the database is not empty, and is the one that it filled.
                assertThat(told(recover(lost, made, after, config, Postgres.PASSWORD))
                                .path("whole")
                                .asBoolean())
                        .isTrue();
                assertThat(holding(made.home(), Postgres.PASSWORD)).isEmpty();

                made.setup().configuration().setAll((ObjectNode) Rest.parse(Files.readAllBytes(config)));
                made.setup().variable(Postgres.VARIABLE, Postgres.PASSWORD);
                OrthancProcess orthanc = made.start();
                assertThat(orthanc.rest().instances()).containsExactlyInAnyOrderElementsOf(images.keySet());
                images.forEach(
                        (id, image) -> assertThat(orthanc.rest().file(id)).isEqualTo(image));
                marks.assertThere(orthanc.rest());
                made.cli("fsck").orFail();
                made.cli("snapshot", "--now").orFail();
                orthanc.stop();
                made.endSidecars();
            }
            assertNoFileIsMadeOfIt(lost, after);
        }
    }

    /** Stores, copies the index, stores and deletes more, and destroys all but the tier and the sheets. */
    private void burn(Clinic lost, Postgres database) throws IOException {
        database.indexOf(lost.setup());
        OrthancProcess orthanc = lost.start();
        for (byte[] image : Samples.everyKind().values()) {
            images.put(orthanc.rest().upload(image), image);
        }
        String gone = orthanc.rest().upload(Samples.otherStudy());
        marks = Marks.put(orthanc.rest(), gone);

        assertTroubleIsTold(lost);
        JsonNode snapshot = told(lost.cli("snapshot", "--now", "--json"));
        assertThat(snapshot.path("newBytes").asLong()).isPositive();
        JsonNode all = told(lost.cli("snapshot", "--verify", "--json"));
        assertThat(all.at("/snapshots/0/instances").asInt()).isEqualTo(images.size() + 1);
        assertThat(all.path("verified").asBoolean()).isTrue();
        assertThat(holding(lost.home(), Samples.PATIENT_NAME))
                .as("an index in clear")
                .isEmpty();
        assertThat(holding(lost.home(), Postgres.PASSWORD)).isEmpty();

        byte[] other = Samples.otherPatient();
        images.put(orthanc.rest().upload(other), other);
        kit = lost.scratch().path().resolve("kit");
        lost.cli("kit", "create", "--shares", "5", "--need", "3", "--out", kit).orFail();
        lost.ship();
        orthanc.rest().delete("/instances/" + gone);
        lost.endSidecars(); // the next one copies the journal at once
        await().atMost(Duration.ofMinutes(3)).until(() -> InTier.hasWholeJournal(lost));
        await().atMost(Duration.ofMinutes(1)).until(() -> InTier.hasSnapshot(lost));
        Command.Result drill = lost.cli("drill").orFail();
        assertThat(drill.output()).contains("of PostgreSQL, read to its end by pg_restore", "Proven");
        orthanc.kill();
        lost.endSidecars();
        Scratch.delete(lost.home());
        Scratch.delete(lost.scratch().path().resolve("orthanc"));
        Scratch.delete(lost.scratch().path().resolve("passphrase"));
    }

    /** A snapshot that cannot be made says what to do, and leaves none. */
    private static void assertTroubleIsTold(Clinic clinic) throws IOException {
        Command.Result password =
                snapshot(clinic).with(Postgres.VARIABLE, "no-such").run();
        assertThat(password.status()).isEqualTo(1);
        assertThat(password.errors()).contains("refuses the user or the password", "Correct Username and Password");
        assertThat(clinic.home().resolve("snapshots/trouble.json")).content().contains("refuses the user");
        Path none = clinic.scratch().folder("none");
        Command.Result missing = snapshot(clinic)
                .with("STRONGROOM_INSTEAD", "/usr/lib/postgresql:" + none)
                .run();
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.errors()).contains("not installed", "apt install postgresql-client");
    }

    private static Command snapshot(Clinic clinic) {
        return clinic.command("snapshot", "--now");
    }

    /** A database that is not empty, and a password that is wrong, are told before anything is made. */
    private void assertRefused(Clinic lost, Clinic made, Debian debian, Path config, Postgres database)
            throws IOException {
        write(config, database.section("taken"));
        Command.Result password = recover(lost, made, debian, config, "no-such");
        assertThat(password.status()).isEqualTo(1);
        assertThat(password.errors() + password.output()).contains("refuses the user or the password");

        database.ask("taken", "CREATE TABLE others (number INTEGER)");
        Command.Result taken = recover(lost, made, debian, config, Postgres.PASSWORD);
        assertThat(taken.status()).isEqualTo(1);
        assertThat(taken.errors() + taken.output()).contains("is not empty", "createdb");
        assertThat(database.ask("taken", "SELECT count(*) FROM others").strip()).isEqualTo("0");
        assertThat(made.home().resolve("installation.json")).doesNotExist();
    }

    /** An Orthanc with SQLite has nothing of that snapshot: the command says so before it reads every image. */
    private void assertNoFileIsMadeOfIt(Clinic lost, Debian debian) throws IOException {
        try (Clinic file = new Clinic(debian).withPassphrase()) {
            Path config = file.scratch().folder("new").resolve("orthanc.json");
            Command.Result result = recover(lost, file, debian, config, Postgres.PASSWORD);
            JsonNode told = told(result);
            assertThat(result.errors()).contains("another kind of database", "without labels");
            assertThat(told.path("whole").asBoolean()).isTrue();
            assertThat(told.at("/recovery/snapshot").isNull()).isTrue();
            assertThat(told.at("/outcome/registered").asInt()).isEqualTo(images.size());
        }
    }

    private static void write(Path config, String section) throws IOException {
        Files.writeString(
                config,
                "{\"Plugins\": [\"/usr/share/orthanc/plugins/libOrthancPostgreSQLIndex.so\"], \"PostgreSQL\": "
                        + section + "}");
    }

    private Command.Result recover(Clinic lost, Clinic made, Debian debian, Path config, String password)
            throws IOException {
        try (Stream<Path> files = Files.list(kit)) {
            List<Object> words = new ArrayList<>(List.of(
                    Distribution.get().launcher(),
                    "recover",
                    "--json",
                    "--from",
                    lost.tier("offsite"),
                    "--home",
                    made.home(),
                    "--config",
                    config));
            files.filter(file -> file.toString().endsWith(".pdf"))
                    .sorted()
                    .limit(3)
                    .forEach(words::add);
            return debian.command(words.toArray())
                    .with(Postgres.VARIABLE, password)
                    .within(Duration.ofMinutes(5))
                    .run();
        }
    }

    private static List<Path> holding(Path folder, String text) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false; // gone meanwhile
        }
    }

    private static JsonNode told(Command.Result result) {
        return Rest.parse(result.orFail().output().getBytes(StandardCharsets.UTF_8));
    }
}
