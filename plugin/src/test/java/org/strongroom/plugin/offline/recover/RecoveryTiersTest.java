package org.strongroom.plugin.offline.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.recover.FolderTier;
import org.strongroom.plugin.recover.RecoveryNote;
import org.strongroom.plugin.supervise.SmallObjects;

/** Two tiers of one installation, and which of them a recovery goes on with. */
class RecoveryTiersTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private final Map<String, SmallObjects> tiers = new TreeMap<>();
    private final List<String> told = new ArrayList<>();
    private Home made;
    private KeySource source;
    private Installation installation;
    private Key32 recoveryKey;

    @BeforeEach
    void ship() throws IOException {
        Home lost = new Home(folder.resolve("lost"));
        lost.createFolders();
        source = KeySource.of(new RootKeySettings(
                Optional.empty(), Optional.of(Files.write(folder.resolve("root.key"), new byte[Key32.SIZE]))));
        try (Keyring keyring = Keyring.create(lost, source, UUID.randomUUID(), CLOCK)) {
            installation = keyring.home();
            keyring.studyKey(bytes("P1"), bytes("1.2.3"));
            recoveryKey = PendingRecoveryKey.open(lost, installation, source).orElseThrow();
            tier("near", lost, keyring, 1);
            tier("far", lost, keyring, 2);
        }
        made = new Home(folder.resolve("made"));
        made.createFolders();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Each with a journal of its own. */
    private void tier(String name, Home home, Keyring keyring, int entries) throws IOException {
        FolderTier tier = FolderTier.of(folder.resolve("tier " + name), home);
        tier.put("keys/00000001-1-00", FolderTier.bundle(home));
        Path folder = Files.createDirectory(this.folder.resolve("journal " + name));
        try (Journal journal = Journal.open(folder, installation, keyring::signJournalHead, CLOCK, entry -> {})) {
            for (int i = 0; i < entries; i++) {
                journal.tombstone(UUID.randomUUID());
            }
        }
        byte[] journal = Files.readAllBytes(folder.resolve("00000001.strj"));
        tier.put("journal/00000001-" + journal.length + "-0" + entries, journal);
        tiers.put(name, tier);
    }

    private RecoveryTiers of(String named) {
        return new RecoveryTiers(made, tiers::get, tiers.keySet(), named, CLOCK, told::add);
    }

    private RecoveryNote make(RecoveryTiers read) throws Exception {
        RecoveryNote begun = RecoveryNote.begun("near", Instant.EPOCH);
        return read.make(read.each(installation.id()), installation, recoveryKey, source, begun);
    }

    @Test
    void whatDoesNotFitTogetherIsNotReadAnyMore() throws Exception {
        RecoveryTiers read = of("near");
        RecoveryNote note = make(read);
        assertThat(note.entries()).isEqualTo(1);
        assertThat(told).hasSize(1).first().asString().contains("only tier near is read");
        assertThat(read.leftOut(installation.id())).containsExactly("far");
        assertThat(read.all(installation.id())).isEqualTo(tiers.get("near"));
        assertThat(RecoveryNote.read(made.recovery()).orElseThrow().tiers()).containsExactly("near");

        // Nor in a later call, whichever it names.
        for (String named : List.of("near", "far")) {
            RecoveryTiers later = of(named);
            later.goOn(note);
            assertThat(later.leftOut(installation.id())).containsExactly("far");
            assertThat(later.all(installation.id())).isEqualTo(tiers.get("near"));
        }
    }

    @Test
    void oneThatWasAwayStaysLeftOutAndOneThatIsAwayLaterIs() throws Exception {
        SmallObjects far = tiers.put("far", new FolderTier(Files.createDirectory(folder.resolve("empty"))));
        RecoveryNote alone = make(of("near"));
        assertThat(alone.tiers()).containsExactly("near");
        tiers.put("far", far);
        RecoveryTiers later = of("near");
        later.goOn(alone);
        assertThat(later.leftOut(installation.id())).containsExactly("far");

        tiers.put("far", tiers.get("near"));
        RecoveryNote both = make(of("near"));
        assertThat(both.tiers()).containsExactly("near", "far");
        later = of("far");
        later.goOn(both);
        assertThat(later.leftOut(installation.id())).isEmpty();
        tiers.put("near", new FolderTier(folder.resolve("empty")));
        later = of("far");
        later.goOn(both);
        assertThat(later.leftOut(installation.id())).containsExactly("near");
    }

    /** A tier that says whose it is, and whose line breaks before it gives anything else. */
    private record BreaksOff(SmallObjects tier) implements SmallObjects {
        @Override
        public Map<String, Long> list() throws IOException, InterruptedException {
            return tier.list();
        }

        @Override
        public Map<String, Path> get(List<String> names) throws IOException, InterruptedException {
            if (!names.isEmpty() && names.stream().noneMatch(name -> name.startsWith(HomeCopy.PREFIX))) {
                throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier cannot be read")
                        .cure("Look at its line");
            }
            return tier.get(names);
        }
    }

    /** It may never give it: whoever has another tier goes on without that one. */
    @Test
    void aTierThatBreaksOffHoldsUpNobodyWhoTakesItOut() throws Exception {
        tiers.put("far", new BreaksOff(tiers.get("far")));
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> make(of("near")))
                .satisfies(e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
                    assertThat(e.cure()).contains("Try again", "--config");
                });
        assertThat(made.installation()).doesNotExist();

        SmallObjects far = tiers.remove("far");
        assertThat(make(of("near")).entries()).isEqualTo(1);

        made = new Home(folder.resolve("made of one"));
        made.createFolders();
        tiers.put("near", far);
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> make(of("near")))
                .satisfies(e -> assertThat(e.cure()).as("there is no other one").isEqualTo("Look at its line"));
    }
}
