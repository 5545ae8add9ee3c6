package org.strongroom.tests.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strongroom.tests.harness.ClearText;
import org.strongroom.tests.harness.Clinic;
import org.strongroom.tests.harness.Command;
import org.strongroom.tests.harness.Debian;
import org.strongroom.tests.harness.Distribution;
import org.strongroom.tests.harness.OrthancProcess;
import org.strongroom.tests.harness.Rest;
import org.strongroom.tests.harness.Samples;
import org.strongroom.tests.harness.Scratch;

/**
 * Orthanc must not run, and so never store clear text, when Strongroom cannot do its work. What happens before Java runs, and what is
 * most likely, is tried on every Orthanc; the rest, which is the same Java, on one.
 */
class StartRefusedIT {

    @ParameterizedTest
    @EnumSource(Debian.class)
    void withoutItsSection(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().configuration().remove("Strongroom");

            assertThat(refused(clinic)).contains("Strongroom");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withAKeyNobodyKnowsAndNamesTheNearest(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.setup().strongroom("KeepHead", BooleanNode.TRUE);

            assertThat(refused(clinic)).contains("KeepHead").contains("KeepHeads");
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void withoutThePassphraseFile(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian).withPassphrase()) {
            Files.delete(clinic.scratch().path().resolve("passphrase"));

            assertThat(refused(clinic)).contains("PassphraseFile");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withoutTheFolderThatHomeIsIn(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            Path home = clinic.scratch().path().resolve("unmounted/disk/home");
            clinic.setup().strongroom("Home", TextNode.valueOf(home.toString()));

            assertThat(refused(clinic)).contains("Home");
            assertThat(home).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void withAHomeItCannotWriteTo(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            Path home = clinic.scratch().folder("home");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));

            assertThat(refused(clinic)).contains("Home");
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void withoutAnyJava(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            Path nothing = clinic.scratch().folder("nothing");
            clinic.setup()
                    .environment("STRONGROOM_INSTEAD", "/usr/lib/jvm:" + nothing)
                    .environment("JAVA_HOME", "");

            assertThat(refused(clinic)).contains("install Java 17 or newer").contains("/usr/lib/jvm");
            assertThat(clinic.home()).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withoutTheJavaThatIsConfigured(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            JsonNode java = JsonNodeFactory.instance.objectNode().put("Library", "/nowhere/libjvm.so");
            clinic.setup().strongroom("Java", java);

            assertThat(refused(clinic)).contains("/nowhere/libjvm.so");
        }
    }

    /** Named in the settings it is a mistake; where a variable names it, the newest that is installed is taken ({@link ConfigurationIT}). */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withAJavaThatIsTooOld(Debian debian) {
        try (Clinic clinic = new Clinic(debian)) {
            Path old = clinic.oldJava().resolve("lib/server/libjvm.so");
            clinic.setup()
                    .strongroom("Java", JsonNodeFactory.instance.objectNode().put("Library", old.toString()));

            assertThat(refused(clinic)).contains("older than Java 17").contains("install Java 17");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void firstStartWithATierThatIsNotMounted(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            Files.delete(clinic.tier("offsite"));

            assertThat(refused(clinic)).contains("offsite");
            assertThat(clinic.home().resolve("keyring")).doesNotExist();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void firstStartWithATierOfAnotherInstallation(Debian debian) throws IOException {
        try (Clinic other = new Clinic(debian);
                Clinic clinic = new Clinic(debian)) {
            other.init();
            Path marker = clinic.tier("offsite").resolve("tier.id");
            Scratch.own(Files.copy(other.tier("offsite").resolve("tier.id"), marker));

            assertThat(refused(clinic)).contains("offsite");
            assertThat(clinic.home().resolve("keyring")).doesNotExist();
        }
    }

    /** New keys would open nothing of what the tier has, and images would be sealed on the disk below. */
    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void whileHomesDiskIsNotMounted(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian)) {
            clinic.start().stop();
            clinic.endSidecars();
            Path mounted = clinic.scratch().path().resolve("mounted");
            Files.move(clinic.home(), mounted);
            Path bare = clinic.scratch().folder("home");

            assertThat(refused(clinic)).contains("offsite", "not mounted: bring the old Home back");
            assertThat(bare.resolve("keyring")).doesNotExist();

            Scratch.delete(bare);
            Files.move(mounted, clinic.home());
            clinic.start().rest().upload(Samples.ct(1).get(0));
        }
    }

    /** A distribution that was copied in part. */
    @ParameterizedTest
    @ValueSource(strings = {"lib/plugin", "lib/native"})
    void withoutAPartOfItself(String part) throws IOException {
        try (Clinic clinic = new Clinic(Debian.TRIXIE)) {
            Path copy = clinic.scratch().path().resolve("strongroom");
            Command.of("cp", "-a", Distribution.get().folder(), copy).run().orFail();
            Command.of("rm", "-r", copy.resolve(part)).run().orFail();
            clinic.setup().withoutPlugin(Distribution.get().library()).plugin(copy.resolve("libStrongroom.so"));

            assertThat(refused(clinic)).contains(part);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void withAnotherPassphraseThanTheKeysWereMadeWith(Debian debian) throws IOException {
        try (Clinic clinic = new Clinic(debian).withPassphrase()) {
            clinic.start().stop();
            Files.writeString(clinic.scratch().path().resolve("passphrase"), "wrong horse\n");

            assertThat(refused(clinic)).contains("passphrase").doesNotContain("wrong horse");
        }
    }

    @ParameterizedTest
    @EnumSource(Debian.class)
    void withKeysOfAnotherInstallation(Debian debian) throws IOException {
        try (Clinic other = new Clinic(debian);
                Clinic clinic = new Clinic(debian)) {
            other.init();
            clinic.start().stop();
            Path ours = clinic.home().resolve("installation.json");
            Files.copy(other.home().resolve("installation.json"), ours, StandardCopyOption.REPLACE_EXISTING);
            Scratch.own(ours);

            assertThat(refused(clinic)).contains("installation");
        }
    }

    @ParameterizedTest
    @EnumSource(value = Debian.class, names = "TRIXIE")
    void whileAnotherOrthancUsesTheSameHome(Debian debian) {
        try (Clinic clinic = new Clinic(debian);
                Clinic second = new Clinic(debian);
                OrthancProcess first = clinic.start()) {
            String instance = first.rest().upload(Samples.ct(1).get(0));
            second.setup()
                    .strongroom("Home", TextNode.valueOf(clinic.home().toString()))
                    .strongroom("RootKey", clinic.setup().configuration().at("/Strongroom/RootKey"));

            assertThat(refused(second)).contains("Home");
            assertThat(first.rest().file(instance)).isEqualTo(Samples.ct(1).get(0));
        }
    }

    /** What it logged until it ended with a status that is not zero, while a modality tried to send to it, and nothing was taken in. */
    private static String refused(Clinic clinic) {
        Rest rest = new Rest(clinic.setup().httpPort()).patience(Duration.ofSeconds(5));
        AtomicBoolean sending = new AtomicBoolean(true);
        List<Integer> answers = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> modality = CompletableFuture.runAsync(() -> {
            while (sending.get()) {
                try {
                    answers.add(rest.send("POST", "/instances", Samples.otherPatient())
                            .statusCode());
                } catch (UncheckedIOException nobodyListens) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            }
        });
        String log;
        try {
            log = clinic.setup().startAndFail();
        } finally {
            sending.set(false);
            modality.join();
        }
        assertThat(answers).as("answers to a modality").isEmpty();
        assertThat(ClearText.files(clinic.scratch().folder("orthanc")))
                .as("only Orthanc's index")
                .allMatch(file -> file.getFileName().toString().startsWith("index"));
        return log;
    }
}
