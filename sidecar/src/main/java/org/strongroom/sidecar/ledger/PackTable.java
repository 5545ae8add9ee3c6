package org.strongroom.sidecar.ledger;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.control.StudyStatus.PackStatus;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.format.v1.PackMember;
import org.strongroom.core.format.v1.Tag16;

/** Pack plans and their members. Thread-safe. */
public final class PackTable {
    private final Ledger ledger;
    private final Wanted wanted;

    public PackTable(Ledger ledger) {
        this(ledger, Wanted.EVERYWHERE);
    }

    /** @param wanted which tiers are to have a copy of what is planned */
    public PackTable(Ledger ledger, Wanted wanted) {
        this.ledger = ledger;
        this.wanted = wanted;
    }

    /**
     * Files of a study that are in no pack yet, in reading order: series, order in the series, uuid. Of those that Orthanc removed
     * only what is under a hold.
     */
    public List<FileRow> waiting(long study, int limit) {
        return ledger.read(handle -> handle.createQuery("SELECT " + FileRow.COLUMNS
                        + " FROM files f WHERE f.study = ? AND f.place = 1 AND f.planned = 0 AND (f.removed IS NULL OR "
                        + HoldTable.HELD + ")"
                        // format.md §3.1: series tag and order are bytes 72 to 92 of the header, big-endian
                        + " ORDER BY substr(f.header, 73, 20), f.uuid LIMIT ?")
                .bind(0, study)
                .bind(1, limit)
                .map(FileRow.MAPPER)
                .list());
    }

    /**
     * Freezes a plan: its members are in this pack from now on, and every tier that takes copies, and its tenant's, has one to make.
     *
     * @throws StrongroomException STALE if a member was removed, planned or lost since it was read: plan anew
     */
    public PackRow plan(PackLayout layout, Instant now) {
        return ledger.write(handle -> {
            long id = insert(handle, layout, now);
            PreparedBatch taken = handle.prepareBatch(
                    "UPDATE files AS f SET planned = 1 WHERE uuid = ? AND place = 1 AND planned = 0 AND (removed IS NULL OR "
                            + HoldTable.HELD + ")");
            for (PackMember member : layout.index().members()) {
                taken.bind(0, member.header().attachment()).add();
            }
            for (int updated : taken.execute()) {
                if (updated != 1) {
                    throw StrongroomException.of(FailureKind.STALE, "a file changed while its pack was planned");
                }
            }
            handle.execute(
                    "UPDATE packs SET arrived = (SELECT max(f.arrived) FROM members m JOIN files f ON f.id = m.file"
                            + " WHERE m.pack = packs.id) WHERE id = ?",
                    id);
            PackRow pack = find(handle, id).orElseThrow();
            for (String tier : handle.createQuery("SELECT name FROM tiers WHERE takes = 1")
                    .mapTo(String.class)
                    .list()) {
                if (wanted.isWanted(pack.owner(), tier)) {
                    handle.execute(
                            "INSERT INTO copies (pack, tier, state) SELECT ?, id, 0 FROM tiers WHERE name = ?",
                            id,
                            tier);
                }
            }
            return pack;
        });
    }

    /**
     * Records a pack that was found in a tier, its files included: there it need not be uploaded any more.
     *
     * @return its row, or empty if files with these names but other headers or sizes are known
     */
    public Optional<PackRow> found(PackLayout layout, String tier, Instant now) {
        return ledger.write(handle -> {
            Optional<PackRow> pack = known(handle, layout, now);
            pack.ifPresent(row -> uploaded(handle, row.id(), tier));
            return pack;
        });
    }

    /** Records a plan that was made before the ledger was lost, as {@link #found}: no tier is known to hold it. */
    public Optional<PackRow> planned(PackLayout layout, Instant now) {
        return ledger.write(handle -> known(handle, layout, now));
    }

    private static Optional<PackRow> known(Handle handle, PackLayout layout, Instant now) {
        Optional<Long> known = handle.createQuery("SELECT id FROM packs WHERE pack = ?")
                .bind(0, layout.prologue().pack())
                .mapTo(Long.class)
                .findOne();
        if (known.isPresent()) {
            return find(handle, known.get())
                    .filter(pack -> pack.digest().equals(layout.footer().digest()));
        }
        for (PackMember member : layout.index().members()) {
            if (!FileTable.add(handle, new Arrival(member.header(), member.size(), now, Place.ABSENT))) {
                return Optional.empty();
            }
        }
        long id = insert(handle, layout, now);
        handle.execute("UPDATE files SET planned = 1 WHERE id IN (SELECT file FROM members WHERE pack = ?)", id);
        handle.execute("INSERT INTO copies (pack, tier, state) SELECT ?, id, 0 FROM tiers", id);
        return find(handle, id);
    }

    private static void uploaded(Handle handle, long pack, String tier) {
        handle.execute(
                "UPDATE copies SET state = 2 WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state"
                        + " = 0",
                pack,
                tier);
    }

    private static long insert(Handle handle, PackLayout layout, Instant now) {
        PackMember first = layout.index().members().get(0);
        long id = handle.createQuery(
                        "INSERT INTO packs (pack, study, members, bytes, digest, created, arrived) SELECT :pack, f.study,"
                                + " :members, :bytes, :digest, :now, :now FROM files f WHERE f.uuid = :first RETURNING id")
                .bind("pack", layout.prologue().pack())
                .bind("members", layout.prologue().members())
                .bind("bytes", layout.size())
                .bind("digest", layout.footer().digest())
                .bind("now", now)
                .bind("first", first.header().attachment())
                .mapTo(Long.class)
                .one();
        PreparedBatch members = handle.prepareBatch("INSERT INTO members"
                + " (pack, position, file, body_offset, head_offset, body_digest, head_digest)"
                + " SELECT ?, ?, f.id, ?, ?, ?, ? FROM files f WHERE f.uuid = ?");
        int position = 0;
        for (PackMember member : layout.index().members()) {
            members.bind(0, id)
                    .bind(1, position++)
                    .bind(2, member.bodyOffset())
                    .bind(3, member.headOffset())
                    .bind(4, member.bodyDigest())
                    .bind(5, member.headDigest())
                    .bind(6, member.header().attachment())
                    .add();
        }
        members.execute();
        return id;
    }

    public Optional<PackRow> find(long id) {
        return ledger.read(handle -> find(handle, id));
    }

    /** Whether its study goes first at {@code now}. */
    public boolean isUrgent(PackRow pack, Instant now) {
        return ledger.read(
                handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM studies WHERE id = ? AND urgent > 0 AND "
                                + StudyTable.isUrgent(now) + ")")
                        .bind(0, pack.study())
                        .mapTo(Boolean.class)
                        .one());
    }

    /** A number that is another one whenever studies were marked as urgent, or are so no more. */
    public long urgency() {
        return ledger.read(handle -> handle.createQuery("SELECT coalesce(sum(urgent), 0) FROM studies WHERE urgent > 0")
                .mapTo(Long.class)
                .one());
    }

    public Optional<PackRow> find(UUID pack) {
        return ledger.read(handle -> handle.createQuery(PackRow.SELECT + "WHERE p.pack = ?")
                .bind(0, pack)
                .map(PackRow.MAPPER)
                .findOne());
    }

    private static Optional<PackRow> find(Handle handle, long id) {
        return handle.createQuery(PackRow.SELECT + "WHERE p.id = ?")
                .bind(0, id)
                .map(PackRow.MAPPER)
                .findOne();
    }

    /** The newest pack that was planned before {@code moment}; 0 if there is none. */
    public long lastBefore(Instant moment) {
        return ledger.read(
                handle -> handle.createQuery("SELECT id FROM packs WHERE created < ? ORDER BY created DESC LIMIT 1")
                        .bind(0, moment)
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(0L));
    }

    /** The pack that was planned last; 0 if there is none. */
    public long newest() {
        return ledger.read(handle -> handle.createQuery("SELECT coalesce(max(id), 0) FROM packs")
                .mapTo(Long.class)
                .one());
    }

    /** All packs of a pack's study. */
    public List<PackRow> ofSameStudy(PackRow pack) {
        return ledger.read(handle -> handle.createQuery(PackRow.SELECT + "WHERE p.study = ? ORDER BY p.id")
                .bind(0, pack.study())
                .map(PackRow.MAPPER)
                .list());
    }

    /** Members in reading order. */
    public List<MemberRow> members(long pack) {
        return ledger.read(handle -> handle.createQuery(MemberRow.SELECT + "WHERE m.pack = ? ORDER BY m.position")
                .bind(0, pack)
                .map(MemberRow.MAPPER)
                .list());
    }

    /** Members of one series in reading order. */
    public List<MemberRow> series(long pack, Tag16 tag) {
        return ledger.read(handle -> handle.createQuery(
                        MemberRow.SELECT + "WHERE m.pack = ? AND substr(f.header, 73, 16) = ? ORDER BY m.position")
                .bind(0, pack)
                .bind(1, tag.toBytes())
                .map(MemberRow.MAPPER)
                .list());
    }

    /** Where a file is packed, newest pack first. */
    public List<MemberRow> holding(long file) {
        return ledger.read(handle -> handle.createQuery(MemberRow.SELECT + "WHERE m.file = ? ORDER BY m.pack DESC")
                .bind(0, file)
                .map(MemberRow.MAPPER)
                .list());
    }

    /** The layout of a plan: the same bytes, always. */
    public PackLayout layout(PackRow pack) {
        PackLayout layout = PackLayout.of(
                pack.pack(),
                members(pack.id()).stream()
                        .map(MemberRow::member)
                        .map(member -> new PackLayout.Piece(
                                member.header(), member.bodyLength(), member.bodyDigest(), member.headDigest()))
                        .toList());
        if (!layout.footer().digest().equals(pack.digest())) {
            throw StrongroomException.of(FailureKind.BUG, "a pack plan changed after it was made")
                    .with("pack", pack.pack());
        }
        return layout;
    }

    /** In SQL, whether something of the pack {@code c.pack} is wanted; of another one the deletion comes, maybe now. */
    static final String WANTED = "EXISTS (SELECT 1 FROM members m JOIN files f ON f.id = m.file WHERE m.pack = c.pack"
            + " AND (f.removed IS NULL OR " + HoldTable.HELD + "))";

    /** Whether Orthanc removed every member before {@code before}. */
    public boolean isRemovedBefore(long pack, Instant before) {
        return ledger.read(
                handle -> handle.createQuery("SELECT NOT EXISTS (SELECT 1 FROM members m JOIN files f ON f.id = m.file"
                                + " WHERE m.pack = ? AND (f.removed IS NULL OR f.removed >= ?))")
                        .bind(0, pack)
                        .bind(1, before)
                        .mapTo(Boolean.class)
                        .one());
    }

    /** Whether the copy of a pack was deleted from a tier, which is not to have another one. */
    public boolean isPurgedFrom(long pack, String tier) {
        return ledger.read(handle -> handle.createQuery("SELECT NOT EXISTS (SELECT 1 FROM copies"
                        + " WHERE pack = ? AND tier = (SELECT id FROM tiers WHERE name = ?) AND state != 6)")
                .bind(0, pack)
                .bind(1, tier)
                .mapTo(Boolean.class)
                .one());
    }

    /** Packs whose files are still in the spool, from behind {@code behind} on. */
    public List<PackRow> unsettled(long behind, int limit) {
        return ledger.read(
                handle -> handle.createQuery(PackRow.SELECT + "WHERE p.settled = 0 AND p.id > ? ORDER BY p.id LIMIT ?")
                        .bind(0, behind)
                        .bind(1, limit)
                        .map(PackRow.MAPPER)
                        .list());
    }

    public void settled(long pack, boolean settled) {
        ledger.write(handle -> handle.execute("UPDATE packs SET settled = ? WHERE id = ?", settled ? 1 : 0, pack));
    }

    /** Packs in order of ids, from behind {@code behind} on, with the tiers that gave receipts, those in doubt as well. */
    public Map<Long, PackLine> page(long behind, int limit) {
        return ledger.read(handle -> {
            Map<Long, PackLine> lines = new LinkedHashMap<>();
            handle.createQuery(PackRow.SELECT + "WHERE p.id > ? ORDER BY p.id LIMIT ?")
                    .bind(0, behind)
                    .bind(1, limit)
                    .map(PackRow.MAPPER)
                    .forEach(pack -> lines.put(
                            pack.id(),
                            new PackLine(
                                    pack.pack(),
                                    pack.key(),
                                    pack.members(),
                                    pack.bytes(),
                                    pack.settled(),
                                    handle.createQuery("SELECT t.name FROM copies c JOIN tiers t ON t.id = c.tier"
                                                    + " WHERE c.pack = ? AND c.state IN (4, 5) ORDER BY t.name")
                                            .bind(0, pack.id())
                                            .mapTo(String.class)
                                            .list())));
            return lines;
        });
    }

    static List<PackStatus> ofStudy(Handle handle, long study) {
        return handle
                .createQuery(PackRow.SELECT + "WHERE p.study = ? ORDER BY p.id")
                .bind(0, study)
                .map(PackRow.MAPPER)
                .stream()
                .map(pack -> {
                    Map<String, String> tiers = new LinkedHashMap<>();
                    handle.createQuery("SELECT t.name, c.state FROM copies c JOIN tiers t ON t.id = c.tier"
                                    + " WHERE c.pack = ? ORDER BY t.name")
                            .bind(0, pack.id())
                            .map((row, context) -> tiers.put(
                                    row.getString("name"),
                                    CopyState.of(row.getInt("state")).toString()))
                            .list();
                    return new PackStatus(
                            pack.pack(), pack.members(), pack.bytes(), tiers, ArchiveTable.words(handle, pack.id()));
                })
                .toList();
    }

    /** Takes a plan back that no tier gave a receipt for: its files wait to be planned anew. */
    public void cancel(long pack) {
        ledger.write(handle -> {
            handle.execute("UPDATE files SET planned = 0 WHERE id IN (SELECT file FROM members WHERE pack = ?)", pack);
            drop(handle, pack);
            return null;
        });
    }

    /** Forgets a pack that no tier holds any more, and its files. */
    public void forget(long pack) {
        ledger.write(handle -> {
            List<Long> files = handle.createQuery("SELECT file FROM members WHERE pack = ?")
                    .bind(0, pack)
                    .mapTo(Long.class)
                    .list();
            drop(handle, pack);
            for (long file : files) {
                handle.execute(
                        "DELETE FROM files WHERE id = ? AND NOT EXISTS (SELECT 1 FROM members m WHERE m.file ="
                                + " files.id)",
                        file);
            }
            return null;
        });
    }

    private static void drop(Handle handle, long pack) {
        handle.execute("DELETE FROM parts WHERE pack = ?", pack);
        handle.execute("DELETE FROM copies WHERE pack = ?", pack);
        handle.execute("DELETE FROM members WHERE pack = ?", pack);
        handle.execute("DELETE FROM packs WHERE id = ?", pack);
    }
}
