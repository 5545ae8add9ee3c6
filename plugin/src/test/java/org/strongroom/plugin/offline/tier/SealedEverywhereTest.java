package org.strongroom.plugin.offline.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.PackReader;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.io.ByteSource;
import org.strongroom.plugin.export.Destination.Sealed;
import org.strongroom.plugin.export.Export;

/** Every file is met once wherever it is, and what is not met is told. */
class SealedEverywhereTest {
    private static final UUID OF_NOBODY = new UUID(0, 0);

    @TempDir
    Path folder;

    private PlayedTier tier;
    private final List<UUID> met = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private Duration eachPack = Duration.ZERO;
    /** When whoever is away answers again. */
    private Duration back = Duration.ofDays(1);

    @BeforeEach
    void fill() throws IOException {
        tier = new PlayedTier(folder);
    }

    /** Ships a study of three files that the ledger knows. */
    private PackLine ship(String study, String... receipts) throws IOException {
        tier.ship(study, 3, receipts);
        PackLine pack = tier.packs.get(tier.packs.size() - 1);
        tier.studies.add(study(pack.key(), 3));
        return pack;
    }

    private static StudyStatus study(UUID key, long attachments) {
        return new StudyStatus(key, new UUID(0, 1), attachments, attachments, 1, 1, 0, 0, 0, Instant.EPOCH, List.of());
    }

    private List<PackMember> members(PackLine pack) throws IOException {
        return reader(pack).layout().index().members();
    }

    private PackReader reader(PackLine pack) throws IOException {
        return PackReader.open(ByteSource.of(tier.objects.get(PackPrologue.objectName(pack.pack()))));
    }

    private Path put(PackLine pack, PackMember member, Path file) throws IOException {
        ByteSource sealed = reader(pack).sealedFile(member);
        Files.createDirectories(file.getParent());
        return Files.write(file, sealed.read(0, (int) sealed.size()));
    }

    private void look() throws IOException {
        look((header, places) -> {});
    }

    private void look(SealedEverywhere.Use use) throws IOException {
        walk((header, places) -> {
            met.add(header.attachment());
            for (Sealed place : places) {
                assertThat(place.open().size()).isPositive();
            }
            use.with(header, places);
        });
    }

    private void walk(SealedEverywhere.Use use) throws IOException {
        met.clear();
        passed.clear();
        told.clear();
        new SealedEverywhere(
                        tier,
                        tier.home,
                        key -> true,
                        attachment -> true,
                        StudyStatus::attachments,
                        (done, all) -> {
                            told.add(done + "/" + all);
                            now = now.plus(eachPack);
                            if (now.compareTo(back) >= 0) {
                                tier.away.clear();
                            }
                        },
                        () -> now)
                .each(
                        attachment -> true,
                        use,
                        (study, files, reason) -> passed.add(
                                files + " of " + study.map(StudyStatus::key).orElse(OF_NOBODY) + ": " + reason));
    }

    private Set<UUID> all() throws IOException {
        Set<UUID> all = new HashSet<>();
        for (PackLine pack : tier.packs) {
            members(pack).forEach(member -> all.add(member.header().attachment()));
        }
        return all;
    }

    @Test
    void eachIsMetOnceWhereverItIs() throws IOException {
        PackLine shipped = ship("1.2.1", PlayedTier.NAME);
        put(shipped, members(shipped).get(0), tier.home.cached(id(shipped, 0)));
        PackLine spooled = ship("1.2.2");
        for (PackMember member : members(spooled)) {
            put(spooled, member, tier.home.spooled(member.header().attachment()));
        }
        look();
        assertThat(met).containsExactlyInAnyOrderElementsOf(all()).hasSize(6);
        assertThat(passed).isEmpty();
    }

    private UUID id(PackLine pack, int number) throws IOException {
        return members(pack).get(number).header().attachment();
    }

    /** As after a tier was replaced: the pack has to be sent again, and its files are in the cache alone. */
    @Test
    void whatNoTierHasIsMetInTheCache() throws IOException {
        PackLine pack = ship("1.2.1");
        for (PackMember member : members(pack)) {
            put(pack, member, tier.home.cached(member.header().attachment()));
        }
        look();
        assertThat(met).hasSize(3);
        assertThat(passed).isEmpty();
    }

    @Test
    void whatIsNowhereIsTold() throws IOException {
        PackLine waiting = ship("1.2.1");
        put(waiting, members(waiting).get(0), tier.home.spooled(id(waiting, 0)));
        PackLine lost = ship("1.2.2", PlayedTier.NAME);
        tier.packs.set(1, new PackLine(lost.pack(), lost.key(), 3, lost.bytes(), true, List.of()));
        UUID unplanned = UUID.randomUUID();
        tier.studies.add(study(unplanned, 1));
        look();
        assertThat(met).containsExactly(id(waiting, 0));
        assertThat(passed)
                .containsExactly(
                        "2 of " + waiting.key() + ": no tier has it yet, and it is not here",
                        "3 of " + lost.key() + ": no tier has its pack any more, and it is not here",
                        "1 of " + unplanned + ": it is neither here nor in a tier");
    }

    @Test
    void aPackThatCannotBeReadIsNoLossWhileItsFilesAreHere() throws IOException {
        PackLine pack = ship("1.2.1", PlayedTier.NAME);
        put(pack, members(pack).get(0), tier.home.cached(id(pack, 0)));
        put(pack, members(pack).get(1), tier.home.spooled(id(pack, 1)));
        tier.down = true;
        look();
        assertThat(met).containsExactlyInAnyOrder(id(pack, 0), id(pack, 1));
        assertThat(passed).containsExactly("1 of " + pack.key() + ": the tier does not answer");
        put(pack, members(pack).get(2), tier.home.cached(id(pack, 2)));
        look();
        assertThat(passed).isEmpty();
    }

    /** It is listed in the spool, then settles, and is evicted before it is opened. */
    @Test
    void whatMovesMeanwhileIsMetBehind() throws IOException {
        PackLine other = ship("1.2.1", PlayedTier.NAME);
        PackLine moving = ship("1.2.2");
        List<Path> spooled = new ArrayList<>();
        for (PackMember member : members(moving)) {
            spooled.add(put(moving, member, tier.home.spooled(member.header().attachment())));
        }
        look((header, places) -> {
            for (Path file : spooled) {
                Files.deleteIfExists(file);
            }
            tier.packs.set(
                    1, new PackLine(moving.pack(), moving.key(), 3, moving.bytes(), true, List.of(PlayedTier.NAME)));
        });
        assertThat(met).containsExactlyInAnyOrderElementsOf(all()).startsWith(id(other, 0));
        assertThat(passed).isEmpty();
    }

    @Test
    void whatWasPurgedMeanwhileIsNotMissed() throws IOException {
        PackLine left = ship("1.2.1", PlayedTier.NAME);
        PackLine purged = ship("1.2.2", PlayedTier.NAME);
        tier.packs.remove(purged);
        look((header, places) -> tier.studies.removeIf(study -> study.key().equals(purged.key())));
        assertThat(met).hasSize((int) left.members());
        assertThat(passed).isEmpty();
    }

    /** Each question to it takes the better part of a minute, and there may be thousands of packs. */
    @Test
    void aTierThatIsAwayHoldsUpNoOther() throws IOException {
        tier.away.add("far");
        for (int study = 0; study < 10; study++) {
            ship("1.2." + study, "far", PlayedTier.NAME);
        }
        walk((header, places) -> {
            met.add(header.attachment());
            assertThat(places.get(0).open().size()).isPositive();
        });
        assertThat(met).containsExactlyInAnyOrderElementsOf(all()).hasSize(30);
        assertThat(passed).isEmpty();
        assertThat(tier.asked).hasSize(11).containsOnlyOnce("far");
        assertThat(told).as("of the packs").hasSize(10).startsWith("1/10").endsWith("10/10");
    }

    @Test
    void aTierThatStaysAwayIsAskedNoMoreAndAllThatOnlyItHasIsTold() throws IOException {
        tier.away.add("far");
        for (int study = 0; study < 10; study++) {
            ship("1.2." + study, "far");
        }
        PackLine here = ship("1.2.11", PlayedTier.NAME);
        look();
        assertThat(met).hasSize((int) here.members());
        assertThat(passed).hasSize(10).allMatch(told -> told.endsWith(": the tier does not answer"));
        assertThat(tier.asked).hasSize(4).containsOnly("far", PlayedTier.NAME);
    }

    @Test
    void theOtherTierIsAskedWhenItIsNeededAndOnce() throws IOException {
        ship("1.2.1", PlayedTier.NAME, "far");
        walk((header, places) -> assertThat(places).hasSize(2));
        assertThat(tier.asked).as("nobody has read there").containsExactly(PlayedTier.NAME);
        look();
        assertThat(tier.asked).containsExactly(PlayedTier.NAME, PlayedTier.NAME, "far");
    }

    /** It was away for three minutes of a run that may last days. */
    @Test
    void aTierThatIsBackIsAskedAgain() throws IOException {
        tier.away.add("far");
        eachPack = Duration.ofMinutes(1);
        back = Duration.ofMinutes(3);
        for (int study = 0; study < 10; study++) {
            ship("1.2." + study, "far");
        }
        look();
        assertThat(tier.asked).as("in minutes 0 to 2 and from 7 on").hasSize(6).containsOnly("far");
        assertThat(met).hasSize(9);
        assertThat(passed).hasSize(7);
    }

    @Test
    void aTierThatGoesAwayInTheMiddleOfAPackHoldsUpAFewOfItsFiles() throws IOException {
        tier.ship("1.2.1", 130, "far", PlayedTier.NAME); // some blocks long
        tier.answers.put("far", 2); // to the opening
        walk((header, places) -> met.add(readable(header, places)));
        assertThat(met).containsExactlyInAnyOrderElementsOf(all()).hasSize(130);
        assertThat(tier.asked.stream().filter("far"::equals)).hasSize(5);
    }

    private static UUID readable(SealedHeader header, List<Sealed> places) throws IOException {
        for (Sealed place : places) {
            try {
                ByteSource sealed = place.open();
                sealed.read(0, (int) sealed.size());
                return header.attachment();
            } catch (StrongroomException e) {
                assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE);
            }
        }
        return OF_NOBODY;
    }

    @Test
    void aTierThatDidNotOpenAPackIsNotAskedForItsNextFile() throws IOException {
        tier.away.add("far");
        ship("1.2.1", PlayedTier.NAME, "far");
        walk((header, places) -> assertThatExceptionOfType(StrongroomException.class)
                .isThrownBy(() -> places.get(1).open())
                .withMessageContaining("does not answer"));
        assertThat(tier.asked).containsExactly(PlayedTier.NAME, "far");
    }

    @Test
    void whatIsDamagedInOneTierIsExportedFromTheOther() throws IOException {
        PackLine pack = ship("1.2.1", PlayedTier.NAME, "far");
        String object = PackPrologue.objectName(pack.pack());
        byte[] damaged = tier.objects.get(object).clone();
        PackMember member = members(pack).get(1);
        damaged[(int) (member.bodyOffset() + member.bodyLength() / 2)] ^= 1;
        tier.differing.put(PlayedTier.NAME + "/" + object, damaged);
        Export export = new Export(folder.resolve("out"), tier.keyring, Optional.empty(), "all");
        walk(export::write);
        assertThat(export.failures()).isEmpty();
        assertThat(export.written()).isEqualTo(3);
        assertThat(tier.asked).containsExactly(PlayedTier.NAME, "far");
    }

    @Test
    void aFileHereWithoutAHeaderIsTold() throws IOException {
        Path file = tier.home.spooled(UUID.randomUUID());
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[1000]);
        look();
        assertThat(passed).containsExactly("1 of " + OF_NOBODY + ": a file here is no sealed file, or is damaged");
    }
}
