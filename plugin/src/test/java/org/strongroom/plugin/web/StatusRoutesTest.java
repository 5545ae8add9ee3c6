package org.strongroom.plugin.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strongroom.core.control.ClearProgress;
import org.strongroom.core.control.Status;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.ByteSource;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.bridge.HttpMethod;
import org.strongroom.plugin.bridge.RestRequest;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;

/** Orthanc shows a PatientID in UTF-8, whatever it was in the file; the key of its study is found all the same. */
class StatusRoutesTest {
    private static final String STUDY = "27f7126f-4f66fb14-03f4081b-f9341db2-53925988";
    private static final String UID = "1.2.3";

    @TempDir
    Path folder;

    private Keyring keyring;

    @BeforeEach
    void open() throws IOException {
        Home home = new Home(folder.resolve("home"));
        home.createFolders();
        Path keyFile = Files.write(folder.resolve("root.key"), new byte[32]);
        KeySource source = KeySource.of(new RootKeySettings(Optional.empty(), Optional.of(keyFile)));
        keyring = Keyring.create(home, source, UUID.randomUUID(), Clock.systemUTC());
    }

    @AfterEach
    void close() throws IOException {
        keyring.close();
    }

    @ParameterizedTest
    @CsvSource({"P1,US-ASCII", "Mül-7,UTF-8", "Mül-7,ISO-8859-1", "Łó-7,ISO-8859-2", "Ив-7,ISO-8859-5", "王-7,GB18030"})
    void theKeyIsFoundWhateverTheFileWasEncodedIn(String patient, String charset) throws IOException {
        keyring.studyKey(patient.getBytes(Charset.forName(charset)), UID.getBytes(StandardCharsets.US_ASCII));
        assertThat(ask(patient)).isEqualTo(FailureKind.UNAVAILABLE);
    }

    @Test
    void anotherPatientsKeyIsNotTaken() throws IOException {
        keyring.studyKey("P1".getBytes(StandardCharsets.US_ASCII), UID.getBytes(StandardCharsets.US_ASCII));
        assertThat(ask("P2")).isEqualTo(FailureKind.NOT_FOUND);
    }

    /** NOT_FOUND if no key was; else the sidecar is asked, which is not there. */
    private FailureKind ask(String patient) {
        String json = "{\"MainDicomTags\":{\"StudyInstanceUID\":\"" + UID
                + "\"},\"PatientMainDicomTags\":{\"PatientID\":\"" + patient + "\"}}";
        return asked(json, "/strongroom/studies/" + STUDY, null).kind();
    }

    private StrongroomException asked(String json, String path, ClearProgress clear) {
        StatusRoutes routes = new StatusRoutes(
                uri -> json.getBytes(StandardCharsets.UTF_8),
                keyring,
                () -> {
                    throw StrongroomException.of(FailureKind.UNAVAILABLE, "no sidecar");
                },
                () -> clear);
        RestRequest request = new RestRequest(HttpMethod.GET, path, Map.of(), Map.of(), ByteSource.of(new byte[0]));
        return catchThrowableOfType(StrongroomException.class, () -> routes.handle(request));
    }

    @Test
    void withoutASidecarTheStatusStillSaysWhatIsInClear() {
        Status.Problem waits = new Status.Problem(FailureKind.UNAVAILABLE, "they wait", "Start it");
        assertThat(asked("{}", "/strongroom/status", new ClearProgress(7, 700, 0, 0, 0, waits))
                        .context())
                .containsEntry("filesInClear", "7")
                .containsEntry("clearProblem", "they wait");
        assertThat(asked("{}", "/strongroom/status", new ClearProgress(0, 0, 9, 900, 0, null))
                        .context())
                .isEmpty();
    }
}
