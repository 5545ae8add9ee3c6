package org.strongroom.sidecar.fsck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.FsckLine.Repair;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackPrologue;
import org.strongroom.core.format.v1.SealedHeader;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.UnreadableFileException;
import org.strongroom.sidecar.intake.SealedFileReader;
import org.strongroom.sidecar.ledger.Arrival;
import org.strongroom.sidecar.ledger.Inventory.Held;
import org.strongroom.sidecar.ledger.Inventory.Item;
import org.strongroom.sidecar.ledger.Place;

/** Judges one attachment by all that is said of it. Reads headers of local files; changes nothing. Thread-safe. */
final class Comparison {
    private final Home home;
    private final Optional<Path> mirror;
    private final SealedFileReader reader;

    Comparison(Home home, UUID installation, Optional<Path> mirror) {
        this.home = home;
        this.mirror = mirror;
        this.reader = new SealedFileReader(installation);
    }

    /** Tells {@code out} everything that is wrong with {@code uuid}. */
    void judge(UUID uuid, Facts facts, Consumer<Finding> out) throws IOException {
        if (facts.isLiving(uuid)) {
            if (!isClear(uuid, facts)) {
                living(uuid, facts, out);
            }
        } else if (facts.asked() && !facts.isForgotten(uuid)) {
            unknown(uuid, facts, out);
        }
    }

    private static boolean isClear(UUID uuid, Facts facts) {
        return facts.index().clear().contains(uuid)
                && !facts.ledger().containsKey(uuid)
                && !facts.local().isWhole(uuid);
    }

    private void living(UUID uuid, Facts facts, Consumer<Finding> out) throws IOException {
        Item item = facts.ledger().get(uuid);
        List<Held> good = new ArrayList<>();
        List<Held> lost = new ArrayList<>();
        for (Held held : item == null ? List.<Held>of() : item.received()) {
            (facts.bad(held) == null ? good : lost).add(held);
        }
        List<Finding> broken = new ArrayList<>();
        boolean readable = false;
        for (Path file : whole(uuid, facts)) {
            if (!Files.exists(file)) {
                continue; // it moved on since the folder was listed
            }
            Optional<String> trouble = trouble(file, uuid, item);
            readable |= trouble.isEmpty();
            trouble.ifPresent(text -> broken.add(brokenFile(uuid, text, file, !good.isEmpty())));
        }
        broken.forEach(out);
        for (Held held : lost) {
            out.accept(badCopy(uuid, held, facts.bad(held), readable || !good.isEmpty()));
        }
        if (!readable && good.isEmpty() && broken.isEmpty() && lost.isEmpty()) {
            unchecked(uuid, item, facts, out);
        }
        if (facts.local().heads().contains(uuid)) {
            headTrouble(uuid, item).ifPresent(text -> out.accept(brokenFile(uuid, text, home.cachedHead(uuid), true)));
        }
        if (facts.isForgotten(uuid)) {
            out.accept(new Finding(
                    Kind.missing,
                    "Orthanc knows it, and the journal says that Orthanc removed it: its bytes go after Forget.Grace",
                    uuid,
                    null,
                    null,
                    null,
                    Repair.removeAgain,
                    "Download the image from Orthanc, delete it there and upload it again"));
        }
        twice(uuid, facts, good, out);
    }

    /** What a tier has and nobody has checked yet is not missing; but no reason either to set anything aside. */
    private void unchecked(UUID uuid, Item item, Facts facts, Consumer<Finding> out) {
        List<Held> all = item == null ? List.of() : item.held();
        if (all.isEmpty()) {
            out.accept(nowhere(uuid));
        } else if (all.stream().allMatch(held -> facts.bad(held) != null)) {
            all.forEach(held -> out.accept(badCopy(uuid, held, facts.bad(held), false)));
        }
    }

    private List<Path> whole(UUID uuid, Facts facts) {
        List<Path> files = new ArrayList<>();
        if (facts.local().spool().contains(uuid)) {
            files.add(home.spooled(uuid));
        }
        if (facts.local().cache().contains(uuid)) {
            files.add(home.cached(uuid));
        }
        return files;
    }

    /** What is wrong with a sealed file, as far as it can be told without keys. */
    private Optional<String> trouble(Path file, UUID uuid, Item item) throws IOException {
        try {
            Arrival found = reader.read(file, uuid, Place.SPOOL, Instant.MAX);
            boolean same = item == null
                    || (found.bytes() == item.file().bytes()
                            && found.header().equals(item.file().header()));
            return same ? Optional.empty() : Optional.of("the file is not the one that was taken in");
        } catch (NoSuchFileException e) {
            return Optional.of("the file is gone");
        } catch (UnreadableFileException e) {
            return Optional.of("the disk does not give the file");
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.of(e.text());
        }
    }

    private Optional<String> headTrouble(UUID uuid, Item item) throws IOException {
        try {
            long size = Files.size(home.cachedHead(uuid));
            return item == null || size == item.file().header().headPieceSize()
                    ? Optional.empty()
                    : Optional.of("the head is cut off");
        } catch (NoSuchFileException e) {
            return Optional.empty(); // its whole file came back meanwhile
        }
    }

    private Finding brokenFile(UUID uuid, String text, Path file, boolean elsewhere) {
        return new Finding(
                Kind.corrupt,
                text,
                uuid,
                null,
                null,
                home.root().relativize(file).toString(),
                elsewhere ? Repair.setAside : null,
                elsewhere
                        ? "Look at the disk; the good copy is fetched when it is needed"
                        : "Look at the disk, and bring the file back from a backup; or delete the image in Orthanc, then let"
                                + " the modality send it again");
    }

    private static Finding badCopy(UUID uuid, Held held, TierObjects.Bad bad, boolean elsewhere) {
        boolean remake = elsewhere && bad == TierObjects.Bad.GONE;
        String cure = remake
                ? "Find out who deleted it; it is sent again"
                : elsewhere
                        ? "Look at the tier, then delete the object: it is sent again"
                        : "Bring the object back into the tier: there are no other bytes of this image";
        return new Finding(
                bad.kind,
                bad.text,
                uuid,
                held.tier(),
                PackPrologue.objectName(held.pack()),
                null,
                remake ? Repair.remake : null,
                cure);
    }

    private Finding nowhere(UUID uuid) {
        boolean mirrored = mirror.isPresent() && Files.exists(Home.sharded(mirror.get(), uuid));
        Path set = home.quarantine().resolve("spool-" + uuid);
        String text = Files.exists(set)
                ? "Orthanc knows it, and its only file no longer opened and was set aside in Home/quarantine"
                : "Orthanc knows it, and its bytes are neither in spool, cache nor any tier";
        return new Finding(
                Kind.missing,
                text,
                uuid,
                null,
                null,
                home.root().relativize(home.spooled(uuid)).toString(),
                mirrored ? Repair.fromMirror : null,
                mirrored
                        ? "Look at Home's disk; SpoolMirror still has it"
                        : "Bring the file back from a backup; or delete the image in Orthanc, then let the modality send"
                                + " it again: what Orthanc lists already it does not take");
    }

    private void twice(UUID uuid, Facts facts, List<Held> good, Consumer<Finding> out) {
        if (facts.local().spool().contains(uuid) && facts.local().cache().contains(uuid)) {
            out.accept(new Finding(
                    Kind.duplicate,
                    "the same file is in spool and cache",
                    uuid,
                    null,
                    null,
                    home.root().relativize(home.cached(uuid)).toString(),
                    Repair.setAside,
                    "Find out who copied it; the one in the spool is used"));
        }
        Set<String> tiers = new HashSet<>();
        for (Held held : good) {
            if (!tiers.add(held.tier())) {
                out.accept(new Finding(
                        Kind.duplicate,
                        "the image is in more than one pack of this tier",
                        uuid,
                        held.tier(),
                        PackPrologue.objectName(held.pack()),
                        null,
                        null,
                        "Nothing is lost; it takes room twice until the study is deleted"));
            }
        }
        if (facts.index().twice().contains(uuid)) {
            out.accept(new Finding(
                    Kind.duplicate,
                    "Orthanc's index names one file for two attachments",
                    uuid,
                    null,
                    null,
                    null,
                    null,
                    "Check Orthanc's database: deleting one of the two images deletes both"));
        }
    }

    /** Orthanc does not know it, and never removed it. */
    private void unknown(UUID uuid, Facts facts, Consumer<Finding> out) throws IOException {
        Item item = facts.ledger().get(uuid);
        List<Path> files = new ArrayList<>(whole(uuid, facts));
        if (files.isEmpty() && facts.local().heads().contains(uuid)) {
            files.add(home.cachedHead(uuid));
        }
        String text =
                "neither Orthanc's index knows it, nor was it removed: stored when Orthanc or its database failed";
        if (item != null && !item.received().isEmpty() && files.isEmpty()) {
            Held held = item.received().get(0);
            out.accept(orphan(uuid, text, held, null, item.file().header()));
        } else if (item != null && files.isEmpty()) {
            out.accept(new Finding(
                    Kind.orphan,
                    "neither Orthanc's index knows it, nor was it removed, and no copy of it has its receipt yet",
                    uuid,
                    null,
                    null,
                    null,
                    null,
                    "Wait until the tiers' copies are checked (strongroom status)"));
        }
        for (Path file : files) {
            Optional<SealedHeader> header = header(file, uuid, item);
            String what = header.isPresent() ? text : "this is no sealed file of this installation";
            out.accept(orphan(uuid, what, null, file, header.orElse(null)));
        }
    }

    private Optional<SealedHeader> header(Path file, UUID uuid, Item item) throws IOException {
        if (file.equals(home.cachedHead(uuid))) {
            return Optional.ofNullable(item)
                    .filter(known -> !known.received().isEmpty())
                    .map(known -> known.file().header());
        }
        try {
            return Optional.of(reader.read(file, uuid, Place.SPOOL, Instant.MAX).header());
        } catch (NoSuchFileException | UnreadableFileException e) {
            return Optional.ofNullable(item).map(known -> known.file().header());
        } catch (StrongroomException e) {
            if (e.kind() != FailureKind.CORRUPT) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** @param header null if these are no bytes of ours */
    private Finding orphan(UUID uuid, String text, Held held, Path file, SealedHeader header) {
        Repair repair = header == null ? Repair.setAside : header.isDicom() ? Repair.giveBack : Repair.forget;
        String cure =
                switch (repair) {
                    case giveBack -> "Give it back to Orthanc, which keeps it if it does not have the image by now";
                    case forget -> "Forget it: it is no image, and what it belonged to is not there";
                    default -> "Find out who put it there";
                };
        return new Finding(
                Kind.orphan,
                text,
                uuid,
                held == null ? null : held.tier(),
                held == null ? null : PackPrologue.objectName(held.pack()),
                file == null ? null : home.root().relativize(file).toString(),
                repair,
                cure);
    }
}
