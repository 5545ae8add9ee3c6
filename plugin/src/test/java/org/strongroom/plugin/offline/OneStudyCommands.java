package org.strongroom.plugin.offline;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.home.Home;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** Commands against a Home with the key of one study, 1.2.3 of patient P1, while no Orthanc runs. */
public abstract class OneStudyCommands {
    @TempDir
    protected Path folder;

    protected Home home;
    protected KeySource source;
    protected UUID key;
    protected String out;
    protected String err;

    /** More settings, each with a comma before it. */
    protected String more() {
        return "";
    }

    @BeforeEach
    final void oneStudy() throws IOException {
        home = new Home(folder.resolve("home"));
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        String json = "{\"Strongroom\": {\"Home\": \"HOME\", \"RootKey\": {\"KeyFile\": \"KEY\"}" + more() + "}}";
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

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The exit status; what it printed is in {@link #out} and {@link #err}. */
    protected final int run(String... arguments) {
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
}
