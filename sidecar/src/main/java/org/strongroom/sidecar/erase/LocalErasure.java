package org.strongroom.sidecar.erase;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.strongroom.sidecar.ledger.CopyState;
import org.strongroom.sidecar.ledger.CopyTable;
import org.strongroom.sidecar.ledger.ErasureTable;
import org.strongroom.sidecar.ledger.FileRow;
import org.strongroom.sidecar.ledger.FileTable;
import org.strongroom.sidecar.ledger.MemberRow;
import org.strongroom.sidecar.ledger.PackRow;
import org.strongroom.sidecar.ledger.PackTable;
import org.strongroom.sidecar.ledger.Place;
import org.strongroom.sidecar.purge.LocalFiles;

/** Takes off this machine, and out of the ledger, what destroyed keys sealed. For one thread. */
public final class LocalErasure {
    private static final int PAGE = 500;

    private final LocalFiles local;
    private final ErasureTable erasures;
    private final FileTable files;
    private final PackTable packs;
    private final CopyTable copies;

    public LocalErasure(LocalFiles local, ErasureTable erasures, FileTable files, PackTable packs, CopyTable copies) {
        this.local = local;
        this.erasures = erasures;
        this.files = files;
        this.packs = packs;
        this.copies = copies;
    }

    /**
     * Does what can be done now. What a pack is still made of stays until no tier wants to have it.
     *
     * @throws IOException if files cannot be removed
     */
    public void step() throws IOException {
        for (UUID key : erasures.known()) {
            if (erasures.living(key) == 0) {
                erase(key);
            }
        }
    }

    private void erase(UUID key) throws IOException {
        for (PackRow pack : erasures.packs(key)) {
            if (copies.of(pack.id()).stream().allMatch(copy -> copy.state() == CopyState.PURGED)) {
                for (MemberRow member : packs.members(pack.id())) {
                    local.remove(member.uuid());
                }
                packs.forget(pack.id());
            }
        }
        long behind = 0;
        for (List<FileRow> page = erasures.files(key, behind, PAGE);
                !page.isEmpty();
                page = erasures.files(key, behind, PAGE)) {
            for (FileRow file : page) {
                behind = file.id();
                List<MemberRow> holding = packs.holding(file.id());
                if (holding.isEmpty()) {
                    local.remove(file.uuid());
                    files.forget(file.id());
                } else if (file.place() != Place.ABSENT && holding.stream().noneMatch(this::isBeingSent)) {
                    local.remove(file.uuid());
                    files.moved(List.of(file.id()), Place.ABSENT);
                }
            }
        }
    }

    private boolean isBeingSent(MemberRow member) {
        Optional<PackRow> pack = packs.find(member.pack());
        return pack.isPresent()
                && copies.of(pack.get().id()).stream()
                        .anyMatch(copy -> copy.state() == CopyState.QUEUED
                                || copy.state() == CopyState.UPLOADING
                                || copy.state() == CopyState.UPLOADED
                                || copy.state() == CopyState.CHECKED);
    }
}
