package org.strongroom.plugin.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.Installation;
import org.strongroom.core.secret.Key32;
import org.strongroom.core.settings.RootKeySettings;
import org.strongroom.plugin.journal.Journal;
import org.strongroom.plugin.keys.KeySource;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.keys.PendingRecoveryKey;
import org.strongroom.plugin.keys.StudyKey;
import org.strongroom.plugin.keys.TenantChange;
import org.strongroom.plugin.keys.TenantKey;
import org.strongroom.plugin.supervise.SmallObjects;

/** A tier that holds bundles of one segment from before and after a change of a tenant's key, as many records in each. */
class HomeRecoveryTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private Home lost;
    private KeySource source;
    private Installation installation;
    private Key32 recoveryKey;
    private StudyKey study;
    private byte[] before;
    private byte[] after;
    private byte[] text;

    @BeforeEach
    void change() throws IOException {
        lost = new Home(folder.resolve("lost"));
        lost.createFolders();
        source = KeySource.of(new RootKeySettings(
                Optional.empty(), Optional.of(Files.write(folder.resolve("root.key"), new byte[Key32.SIZE]))));
        try (Keyring keyring = Keyring.create(lost, source, UUID.randomUUID(), CLOCK)) {
            installation = keyring.home();
            study = keyring.studyKey(bytes("P1"), bytes("1.2.3"));
        }
        recoveryKey = PendingRecoveryKey.open(lost, installation, source).orElseThrow();
        before = FolderTier.bundle(lost);
        new TenantChange(lost, installation).change(source, "clinic", CLOCK, event -> {}, "a test", done -> {});
        try (Keyring keyring = Keyring.open(lost, source, CLOCK);
                Journal journal =
                        Journal.open(lost.journal(), installation, keyring::signJournalHead, CLOCK, entry -> {})) {
            after = FolderTier.bundle(lost);
            text = keyring.state().seal("hold/1", bytes("a hold"));
            journal.tombstone(UUID.randomUUID());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private FolderTier tier(String name) throws IOException {
        return FolderTier.of(folder.resolve("tier " + name), lost);
    }

    /** What a tenant's tier has that holds only that one's studies: of the other segments nothing. */
    @Test
    void twoTiersOfWhichEachHasItsOwnKeysAreAWholeKeyring() throws Exception {
        byte[] journal = Files.readAllBytes(lost.journal().resolve("00000001.strj"));
        FolderTier near = tier("near");
        near.put("keys/00000001-1-00", after);
        near.put("journal/00000001-" + (journal.length - 1) + "-00", Arrays.copyOf(journal, journal.length - 1));
        FolderTier far = tier("far");
        far.put("keys/00000002-1-00", after);
        far.put("journal/00000001-" + journal.length + "-11", journal);
        far.put("journal/head-1-00", Files.readAllBytes(lost.journal().resolve("head")));
        Home alone = new Home(folder.resolve("alone"));
        alone.createFolders();
        HomeRecovery.Made ofOne = new HomeRecovery(alone, far, CLOCK).run(installation, recoveryKey, source);
        assertThat(ofOne.missing()).containsExactly(1);
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        HomeRecovery.Made ofBoth =
                new HomeRecovery(made, List.of(near, far), CLOCK).run(installation, recoveryKey, source);
        assertThat(ofBoth.missing()).isEmpty();
        assertThat(ofBoth.keys()).isEqualTo(2);
        assertThat(ofBoth.journal().proven()).as("the longer one counts").isTrue();
        ofBoth = new HomeRecovery(made, List.of(far, near), CLOCK).run(installation, recoveryKey, source);
        assertThat(ofBoth.journal().proven()).as("and again").isTrue();
        try (Keyring keyring = Keyring.open(made, source, CLOCK)) {
            assertThat(keyring.keyOf(study.id())).isEqualTo(study.key());
        }
    }

    private static Map<String, Integer> contents(Home home) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home.root())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    /** It may be of a tier that burnt since, and then it is all that is left of that one. */
    @Test
    void whatAnInterruptedAttemptWroteGoesOnlyIfItCanBeHadAgain() throws Exception {
        Home early = goneOn("aa", 0, 0);
        FolderTier near = tier("near");
        ship(near, early, 1, early);
        FolderTier keys = tier("keys");
        ship(keys, goneOn("bb", 1, 0), 2, early);
        FolderTier journal = tier("journal");
        ship(journal, early, 1, goneOn("cc", 0, 1));
        for (FolderTier gone : List.of(keys, journal)) {
            Home made = new Home(Files.createTempDirectory(folder, "made"));
            made.createFolders();
            new HomeRecovery(made, List.of(near, gone), CLOCK).run(installation, recoveryKey, source);
            Files.delete(made.installation()); // which is the last thing that it writes
            Map<String, Integer> before = contents(made);
            assertThatExceptionOfType(StrongroomException.class)
                    .isThrownBy(() -> new HomeRecovery(made, near, CLOCK).run(installation, recoveryKey, source))
                    .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
                    .withMessageContaining("an earlier attempt");
            assertThat(contents(made)).isEqualTo(before);
            new HomeRecovery(made, List.of(near, gone), CLOCK).run(installation, recoveryKey, source);
            assertThat(made.installation()).exists();
        }
    }

    /** What is begun of several tiers and cannot be gone on with is begun again of one of them. */
    @Test
    void whatDoesNotFitIsNotLeftBehind() throws Exception {
        FolderTier near = tier("near");
        Home early = goneOn("cc", 0, 0);
        ship(near, early, 1, early);
        FolderTier damaged = tier("damaged");
        Home grown = goneOn("aa", 0, 2);
        byte[] journal = Files.readAllBytes(grown.journal().resolve("00000001.strj"));
        journal[journal.length - 60] ^= 1;
        damaged.put("journal/00000001-" + journal.length + "-aa", journal);
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() ->
                        new HomeRecovery(made, List.of(near, damaged), CLOCK).run(installation, recoveryKey, source))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT));
        assertThat(new HomeRecovery(made, near, CLOCK)
                        .run(installation, recoveryKey, source)
                        .journal()
                        .entries())
                .isEqualTo(1);
    }

    /** What another machine made of the lost one, which it goes on from. */
    private Home goneOn(String name, int studies, int entries) throws IOException {
        Home home = new Home(folder.resolve(name));
        try (Stream<Path> all = Files.walk(lost.root())) {
            for (Path file : all.toList()) {
                Files.copy(
                        file, home.root().resolve(lost.root().relativize(file).toString()));
            }
        }
        try (Keyring keyring = Keyring.open(home, source, CLOCK);
                Journal journal =
                        Journal.open(home.journal(), installation, keyring::signJournalHead, CLOCK, entry -> {})) {
            for (int i = 0; i < studies; i++) {
                keyring.studyKey(bytes(name), bytes("1.2." + i));
            }
            for (int i = 0; i < entries; i++) {
                journal.tombstone(UUID.randomUUID());
            }
        }
        return home;
    }

    /** Named as these Homes are, which is hexadecimal. */
    private void ship(FolderTier tier, Home keys, int records, Home entries) throws IOException {
        tier.put("keys/00000001-" + records + "-" + keys.root().getFileName(), FolderTier.bundle(keys));
        byte[] journal = Files.readAllBytes(entries.journal().resolve("00000001.strj"));
        tier.put("journal/00000001-" + journal.length + "-" + entries.root().getFileName(), journal);
    }

    /** A recovery from one tier, while the other one could not be reached. */
    @Test
    void twoMachinesThatWroteToTheTiersAreNotMixed() throws Exception {
        Home old = goneOn("aa", 3, 5);
        Home fresh = goneOn("bb", 2, 4);
        FolderTier near = tier("near");
        ship(near, fresh, 3, fresh);
        FolderTier keys = tier("keys");
        ship(keys, old, 4, fresh);
        FolderTier journal = tier("journal");
        ship(journal, fresh, 3, old);
        FolderTier before = tier("before");
        Home early = goneOn("cc", 0, 0);
        ship(before, early, 1, early);
        FolderTier asLarge = tier("as large");
        ship(asLarge, goneOn("dd", 2, 0), 3, fresh);
        for (FolderTier other : List.of(keys, journal, asLarge)) {
            for (List<SmallObjects> tiers : List.<List<SmallObjects>>of(List.of(near, other), List.of(other, near))) {
                Home mixed = new Home(Files.createTempDirectory(folder, "mixed"));
                mixed.createFolders();
                assertThatExceptionOfType(StrongroomException.class)
                        .isThrownBy(() -> new HomeRecovery(mixed, tiers, CLOCK).run(installation, recoveryKey, source))
                        .satisfies(e -> assertThat(e.kind()).isEqualTo(FailureKind.CORRUPT))
                        .withMessageContaining("two machines");
                assertThat(mixed.installation()).doesNotExist();
            }
        }
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        HomeRecovery.Made whole =
                new HomeRecovery(made, List.of(before, near), CLOCK).run(installation, recoveryKey, source);
        assertThat(whole.keys()).isEqualTo(3);
        assertThat(whole.journal().entries()).isEqualTo(5);
    }

    @Test
    void whatIsDamagedInOneTierIsTakenOfTheOtherOne() throws Exception {
        Home grown = goneOn("aa", 3, 0);
        FolderTier near = tier("near");
        Home early = goneOn("cc", 0, 0);
        ship(near, early, 1, early);
        FolderTier far = tier("far");
        ship(far, grown, 4, early);
        byte[] damaged = FolderTier.bundle(grown);
        damaged[50] ^= 1;
        near.put("keys/00000001-4-aa", damaged);
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        HomeRecovery.Made whole =
                new HomeRecovery(made, List.of(near, far), CLOCK).run(installation, recoveryKey, source);
        assertThat(whole.keys()).isEqualTo(4);
    }

    @Test
    void aDamagedCopyOfTheJournalIsNotAnotherMachines() throws Exception {
        Home early = goneOn("cc", 0, 0);
        Home grown = goneOn("aa", 0, 5);
        FolderTier near = tier("near");
        ship(near, early, 1, early);
        byte[] journal = Files.readAllBytes(early.journal().resolve("00000001.strj"));
        journal[30] ^= 1;
        near.put("journal/00000001-" + journal.length + "-cc", journal);
        FolderTier far = tier("far");
        ship(far, grown, 1, grown);
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        HomeRecovery.Made whole =
                new HomeRecovery(made, List.of(near, far), CLOCK).run(installation, recoveryKey, source);
        assertThat(whole.journal().entries()).isEqualTo(6);
    }

    /** A tier, and what was asked of it. */
    private record Counted(FolderTier tier, List<String> asked) implements SmallObjects {
        @Override
        public Map<String, Long> list() throws IOException {
            return tier.list();
        }

        @Override
        public Map<String, Path> get(List<String> names) {
            asked.addAll(names);
            return tier.get(names);
        }
    }

    /** A full segment has many that are as large: one for each change of a key in it. */
    @Test
    void eachBundleIsReadOnce() throws Exception {
        List<String> asked = new ArrayList<>();
        List<SmallObjects> tiers = new ArrayList<>();
        List<byte[]> bundles = List.of(before, after);
        for (int i = 0; i < bundles.size(); i++) {
            FolderTier tier = tier("of " + i);
            tier.put("keys/00000001-1-0" + i, bundles.get(i));
            tier.put("keys/00000001-1-ff", after);
            tiers.add(new Counted(tier, asked));
        }
        Home made = new Home(folder.resolve("made"));
        made.createFolders();
        new HomeRecovery(made, tiers, CLOCK).run(installation, recoveryKey, source);
        assertThat(asked)
                .filteredOn(name -> name.startsWith("keys/"))
                .containsExactlyInAnyOrder("keys/00000001-1-00", "keys/00000001-1-01", "keys/00000001-1-ff");
    }

    private Home recover(String name, byte[] first, byte[] second) throws Exception {
        FolderTier tier = tier(name);
        tier.put("keys/00000001-1-00", first);
        tier.put("keys/00000001-1-ff", second);
        byte[] journal = Files.readAllBytes(lost.journal().resolve("00000001.strj"));
        tier.put("journal/00000001-" + journal.length + "-00", journal);
        tier.put("journal/head-1-00", Files.readAllBytes(lost.journal().resolve("head")));
        Home made = new Home(folder.resolve(name));
        made.createFolders();
        assertThat(new HomeRecovery(made, tier, CLOCK)
                        .run(installation, recoveryKey, source)
                        .keys())
                .isEqualTo(1);
        return made;
    }

    @Test
    void theOneUnderTheNewestKeysCountsWhateverItsName() throws Exception {
        for (boolean isFirst : List.of(true, false)) {
            Home made = recover("made " + isFirst, isFirst ? after : before, isFirst ? before : after);
            try (Keyring keyring = Keyring.read(made, source, CLOCK)) {
                assertThat(keyring.keyOf(study.id())).isEqualTo(study.key());
                assertThat(keyring.state().open("hold/1", text)).isEqualTo(bytes("a hold"));
                assertThat(keyring.tenantKeys())
                        .first()
                        .extracting(TenantKey::epoch)
                        .isEqualTo(2);
                assertThat(keyring.formerTenantKeys()).noneMatch(former -> former.records() > 0);
            }
        }
    }

    @Test
    void ifItIsDamagedTheOtherOneOpensTheStudies() throws Exception {
        byte[] damaged = after.clone();
        damaged[50] ^= 1;
        for (boolean isFirst : List.of(true, false)) {
            Home made = recover("made " + isFirst, isFirst ? damaged : before, isFirst ? before : damaged);
            try (Keyring keyring = Keyring.open(made, source, CLOCK)) {
                assertThat(keyring.keyOf(study.id())).isEqualTo(study.key());
            }
        }
    }
}
