package org.strongroom.plugin.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.install.HomeLock;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class HoldCommandsTest {
    private static final Pattern ID = Pattern.compile("\"hold\":\"([0-9a-f-]{36})\"");

    @TempDir
    Path folder;

    private Home home;
    private String out;
    private String err;
    private UUID key;

    @BeforeEach
    void oneStudy() throws IOException {
        home = new Home(folder.resolve("home"));
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        String json = "{\"Strongroom\": {\"Home\": \"HOME\", \"RootKey\": {\"KeyFile\": \"KEY\"}}}";
        Files.writeString(
                folder.resolve("orthanc.json"),
                json.replace("HOME", home.root().toString()).replace("KEY", keyFile.toString()));
        home.createFolders();
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        try (Keyring keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC())) {
            key = keyring.studyKey(bytes("P1"), bytes("1.2.3")).id();
            Journal.open(home.journal(), keyring.home(), keyring::signJournalHead, Clock.systemUTC(), entry -> {})
                    .close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private int run(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter failed = new StringWriter();
        String[] line = new String[arguments.length + 2];
        line[0] = "--config";
        line[1] = folder.resolve("orthanc.json").toString();
        System.arraycopy(arguments, 0, line, 2, arguments.length);
        int status = new Main(
                        Map.of(),
                        new PrintWriter(printed),
                        new PrintWriter(failed),
                        false,
                        Clock.systemUTC(),
                        duration -> {},
                        Optional.empty(),
                        prompt -> Optional.empty())
                .run(line);
        out = printed.toString();
        err = failed.toString();
        return status;
    }

    private int add(String option, String name) {
        return run("hold", "add", option, name, "--owner", "Dr. Roe", "--reason", "case 12/26", "--json");
    }

    private String id() {
        Matcher found = ID.matcher(out);
        assertThat(found.find()).as(out + err).isTrue();
        return found.group(1);
    }

    @Test
    void aHoldIsListedUntilItIsRemoved() {
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
        assertThat(add("--patient", "P1")).as(err).isZero();
        String hold = id();
        assertThat(out).contains("\"keys\":1");
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out)
                .contains(
                        hold,
                        "\"kind\":\"patient\"",
                        "\"name\":\"P1\"",
                        "\"owner\":\"Dr. Roe\"",
                        "\"reason\":\"case 12/26\"");
        assertThat(run("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled"))
                .as(err)
                .isZero();
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
        assertThat(run("hold", "remove", hold, "--owner", "Dr. Doe", "--reason", "settled"))
                .isEqualTo(1);
        assertThat(err).contains("no such hold");
    }

    @Test
    void aStudyATenantAndWhatIsNotHere() {
        assertThat(add("--study", "1.2.3")).as(err).isZero();
        assertThat(add("--study", key.toString())).as(err).isZero();
        assertThat(add("--tenant", "clinic")).as(err).isZero();
        for (String option : new String[] {"--study", "--patient", "--tenant"}) {
            assertThat(add(option, "nobody")).isEqualTo(1);
            assertThat(out).contains("nothing of this was ever sealed here");
        }
        assertThat(run("hold", "list", "--json")).isZero();
        assertThat(out.split("\"kind\"", -1)).hasSize(4);
    }

    @Test
    void nobodyHoldsWithoutSayingWhoAndWhy() {
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", "Dr. Roe")).isEqualTo(2);
        assertThat(run("hold", "add", "--study", "1.2.3", "--reason", "case")).isEqualTo(2);
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", " ", "--reason", "case"))
                .isEqualTo(1);
    }

    @Test
    void aRunningOrthancIsAskedAndNobodyElseWritesItsJournal() throws IOException {
        try (HomeLock lock = HomeLock.take(home)) {
            assertThat(lock).isNotNull();
            assertThat(add("--study", "1.2.3")).isEqualTo(1); // nothing answers here
        }
        assertThat(run("hold", "list")).isZero();
        assertThat(out).isEqualTo("Nothing is held\n");
    }
}
