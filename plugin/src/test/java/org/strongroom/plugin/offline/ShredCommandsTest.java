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
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

class ShredCommandsTest {
    private static final Pattern ID = Pattern.compile("\"erasure\":\"([0-9a-f-]{36})\"");

    @TempDir
    Path folder;

    private Home home;
    private String out;
    private String err;
    private KeySource source;
    private UUID key;

    @BeforeEach
    void oneStudy() throws IOException {
        home = new Home(folder.resolve("home"));
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        String json = "{\"Strongroom\": {\"Home\": \"HOME\", \"RootKey\": {\"KeyFile\": \"KEY\"},"
                + " \"Retention\": {\"Approvers\": [\"Dr. Roe\", \"Dr. Doe\"]}}}";
        Files.writeString(
                folder.resolve("orthanc.json"),
                json.replace("HOME", home.root().toString()).replace("KEY", keyFile.toString()));
        home.createFolders();
        source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
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

    private int order(String owner, String option, String name) {
        return run("shred", "order", option, name, "--owner", owner, "--reason", "letter of 12 May", "--json");
    }

    private String id() {
        Matcher found = ID.matcher(out);
        assertThat(found.find()).as(out + err).isTrue();
        return found.group(1);
    }

    @Test
    void anErasureIsListedAndNothingHappensUntilItIsApproved() {
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
        assertThat(order("Dr. Roe", "--patient", "P1")).as(err).isZero();
        String erasure = id();
        assertThat(out).contains("\"keys\":1", "\"tenant\":\"clinic\"");
        assertThat(run("shred", "list", "--json")).isZero();
        assertThat(out)
                .contains(
                        erasure,
                        "\"state\":\"ordered\"",
                        "\"owner\":\"Dr. Roe\"",
                        "\"reason\":\"letter of 12 May\"",
                        "\"keys\":1");
        assertThat(run("shred", "withdraw", erasure, "--owner", "Dr. Doe", "--reason", "a mistake"))
                .as(err)
                .isZero();
        assertThat(run("shred", "list")).isZero();
        assertThat(out).contains("withdrawn");
        assertThat(run("shred", "withdraw", erasure, "--owner", "Dr. Doe", "--reason", "a mistake"))
                .isEqualTo(1);
        assertThat(err).contains("no such erasure");
        assertThat(order("Dr. Roe", "--study", key.toString())).as(err).isZero();
    }

    @Test
    void aDryRunAStrangerAndWhatIsNotHereOrderNothing() {
        assertThat(run("shred", "order", "--study", "1.2.3", "--owner", "Dr. Roe", "--reason", "letter", "--dry-run"))
                .isZero();
        assertThat(out).isEqualTo("1 study key of tenant clinic would be destroyed\n");
        assertThat(order("Dr. Who", "--study", "1.2.3")).isEqualTo(1);
        assertThat(out).contains("Retention.Approvers");
        assertThat(order("Dr. Roe", "--study", "1.2.4")).isEqualTo(1);
        assertThat(out).contains("nothing of this was ever sealed");
        assertThat(run("shred", "order", "--owner", "Dr. Roe", "--reason", "letter"))
                .isNotZero();
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
    }

    @Test
    void whatMoreThanOneTenantHasIsOrderedOfOneOnly() throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Set.of("north"), Clock.systemUTC())) {
            keyring.studyKey("north", bytes("P1"), bytes("1.2.3"));
            keyring.studyKey("north", bytes("P1"), bytes("1.2.4"));
        }
        for (String[] named : new String[][] {{"--study", "1.2.3"}, {"--patient", "P1"}}) {
            assertThat(order("Dr. Roe", named[0], named[1])).isEqualTo(1);
            assertThat(out).contains("more than one tenant");
        }
        assertThat(out).contains("clinic 1, north 2");
        assertThat(run("shred", "list")).isZero();
        assertThat(out).isEqualTo("Nothing was ever to be erased\n");
        assertThat(run(
                        "shred",
                        "order",
                        "--patient",
                        "P1",
                        "--tenant",
                        "north",
                        "--owner",
                        "Dr. Roe",
                        "--reason",
                        "letter"))
                .as(err)
                .isZero();
        assertThat(out).contains("of 2 study keys of tenant north is ordered");
        assertThat(run(
                        "shred",
                        "order",
                        "--study",
                        "1.2.4",
                        "--tenant",
                        "clinic",
                        "--owner",
                        "Dr. Roe",
                        "--reason",
                        "letter"))
                .as("the other tenant's")
                .isEqualTo(1);
        assertThat(run("shred", "order", "--tenant", "north", "--owner", "Dr. Roe", "--reason", "letter"))
                .as("a whole tenant")
                .isNotZero();
    }

    @Test
    void nobodyIsOrderedByAnEmptyName() throws IOException {
        try (Keyring keyring = Keyring.open(home, source, Clock.systemUTC())) {
            keyring.studyKey(new byte[0], bytes("1.2.5"));
        }
        assertThat(order("Dr. Roe", "--patient", " ")).isEqualTo(1);
        assertThat(out).contains("has no name");
        assertThat(order("Dr. Roe", "--study", "")).isEqualTo(1);
        assertThat(out).contains("has no name");
    }

    @Test
    void aHoldComesFirst() {
        assertThat(run("hold", "add", "--study", "1.2.3", "--owner", "court", "--reason", "case 12/26"))
                .isZero();
        assertThat(order("Dr. Roe", "--patient", "P1")).isEqualTo(1);
        assertThat(out).contains("a hold is on this");
    }
}
