package org.strongroom.sidecar.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * All that the ledger knows, in portions and in an order in which it can be compared with disks and tiers without holding it in
 * memory as a whole. Thread-safe.
 */
public final class Inventory {
    private static final int PAGE = 1_000;
    private static final String COPIES = "SELECT p.pack, p.bytes, c.state FROM packs p JOIN copies c ON c.pack = p.id"
            + " WHERE c.tier = (SELECT id FROM tiers WHERE name = ?)";
    private static final RowMapper<Copy> COPY = (row, context) ->
            new Copy(Ids.uuid(row.getBytes("pack")), row.getLong("bytes"), CopyState.of(row.getInt("state")));

    private final Ledger ledger;

    public Inventory(Ledger ledger) {
        this.ledger = ledger;
    }

    /** A sealed file, and where tiers should hold it. */
    public record Item(FileRow file, List<Held> held) {
        /** Of {@code held}, those that have, or had, their receipts. */
        public List<Held> received() {
            return held.stream().filter(Held::received).toList();
        }
    }

    /** That a tier should hold a file, in this pack, and how far that copy has come. */
    public record Held(UUID pack, String tier, CopyState state) {
        /** Whether the copy is no receipt any more. */
        public boolean suspect() {
            return state == CopyState.SUSPECT;
        }

        /** Whether the copy has, or had, its receipt; else nobody has checked yet what the tier holds. */
        public boolean received() {
            return state == CopyState.RECEIVED || state == CopyState.SUSPECT;
        }
    }

    /** The copy of a pack in a tier. */
    public record Copy(UUID pack, long bytes, CopyState state) {}

    /** Files whose uuid begins with {@code shard}, with the copies that the tiers have, whether or not they have their receipts. */
    public Map<UUID, Item> files(int shard) {
        return ledger.read(handle -> {
            Map<Long, List<Held>> held = new HashMap<>();
            handle.createQuery("SELECT f.id, p.pack, t.name, c.state FROM files f JOIN members m ON m.file = f.id"
                            + " JOIN packs p ON p.id = m.pack JOIN copies c ON c.pack = p.id JOIN tiers t ON t.id = c.tier"
                            + " WHERE f.uuid BETWEEN ? AND ? AND c.state IN (2, 3, 4, 5)")
                    .bind(0, Ids.first(shard))
                    .bind(1, Ids.last(shard))
                    .map((row, context) -> held.computeIfAbsent(row.getLong("id"), id -> new ArrayList<>(2))
                            .add(new Held(
                                    Ids.uuid(row.getBytes("pack")),
                                    row.getString("name"),
                                    CopyState.of(row.getInt("state")))))
                    .list();
            Map<UUID, Item> files = new HashMap<>();
            handle.createQuery("SELECT " + FileRow.COLUMNS + " FROM files f WHERE f.uuid BETWEEN ? AND ?")
                    .bind(0, Ids.first(shard))
                    .bind(1, Ids.last(shard))
                    .map(FileRow.MAPPER)
                    .forEach(file -> files.put(file.uuid(), new Item(file, held.getOrDefault(file.id(), List.of()))));
            return files;
        });
    }

    /** Names beginning with {@code shard} that the journal says Orthanc removed, whether or not a file of them is known. */
    public Set<UUID> tombstones(int shard) {
        return ledger.read(
                handle -> new HashSet<>(handle.createQuery("SELECT uuid FROM tombstones WHERE uuid BETWEEN ? AND ?")
                        .bind(0, Ids.first(shard))
                        .bind(1, Ids.last(shard))
                        .mapTo(UUID.class)
                        .list()));
    }

    /** Gives the uuid that an attachment was sealed under, of a name that Orthanc knows it by: the name itself, unless it has several. */
    public UnaryOperator<UUID> sealed() {
        boolean any = ledger.read(handle -> handle.createQuery("SELECT EXISTS (SELECT 1 FROM names)")
                .mapTo(Boolean.class)
                .one());
        return any ? name -> ledger.read(handle -> Names.sealed(handle, name)) : UnaryOperator.identity();
    }

    /** Every copy in a tier, in order of packs; read page by page while it is iterated. */
    public Iterator<Copy> copies(String tier) {
        return new Iterator<>() {
            private Iterator<Copy> page = List.<Copy>of().iterator();
            private UUID behind;
            private boolean begun;

            @Override
            public boolean hasNext() {
                if (!page.hasNext() && (!begun || behind != null)) {
                    List<Copy> next = page(tier, behind);
                    begun = true;
                    behind = next.isEmpty() ? null : next.get(next.size() - 1).pack();
                    page = next.iterator();
                }
                return page.hasNext();
            }

            @Override
            public Copy next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return page.next();
            }
        };
    }

    private List<Copy> page(String tier, UUID behind) {
        return ledger.read(handle -> handle.createQuery(COPIES + " AND p.pack > ?" + " ORDER BY p.pack LIMIT ?")
                .bind(0, tier)
                .bind(1, behind == null ? new byte[0] : Ids.bytes(behind))
                .bind(2, PAGE)
                .map(COPY)
                .list());
    }

    /** The copy of one pack in a tier, as it is now. */
    public Optional<Copy> copy(String tier, UUID pack) {
        return ledger.read(handle -> handle.createQuery(COPIES + " AND p.pack = ?")
                .bind(0, tier)
                .bind(1, pack)
                .map(COPY)
                .findOne());
    }
}
