package org.strongroom.sidecar;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strongroom.core.control.Status.WitnessStatus;
import org.strongroom.sidecar.audit.Cosigning;
import org.strongroom.sidecar.audit.DailyPrune;
import org.strongroom.sidecar.audit.Pruner;
import org.strongroom.sidecar.audit.Sequencer;
import org.strongroom.sidecar.audit.StudyOfImage;
import org.strongroom.sidecar.forward.Forwarder;
import org.strongroom.sidecar.forward.Forwards;
import org.strongroom.sidecar.intake.AttachmentKeys;
import org.strongroom.sidecar.ledger.TierTable;
import org.strongroom.sidecar.search.SearchIndex;

/** The audit log on this machine, who signs it elsewhere, and who is sent it. What a tier has of it is in its {@link TierRoom}. */
final class AuditRoom {
    final Sequencer sequencer;
    final SearchIndex index;
    final List<Forwarder> forwarders;
    final List<Cosigning> cosignings = new ArrayList<>();
    private final Ground ground;

    AuditRoom(Ground ground) {
        this.ground = ground;
        sequencer = new Sequencer(ground.home, ground.installation, ground.rules.audit(), ground.clock, ground.time);
        sequencer.complete(new StudyOfImage(
                new AttachmentKeys(ground.home, ground.installation, ground.files)::keyOf, ground::withTenant));
        index = new SearchIndex(ground.home.audit());
        forwarders = Forwards.of(
                ground.rules.forward(),
                ground.home,
                ground.installation,
                ground.problems,
                ground.uplink,
                ground.clock,
                ground.time);
        ground.rules
                .witnesses()
                .forEach((name, witness) -> cosignings.add(new Cosigning(
                        name,
                        ground.home.audit(),
                        witness,
                        ground.rules.audit(),
                        ground.events::record,
                        ground.problems,
                        ground.uplink,
                        new Fact(
                                ground.table,
                                "witness/" + name + "/" + witness.key().text()),
                        ground.clock,
                        ground.time)));
    }

    /** Kept in the ledger. */
    private record Fact(TierTable table, String name) implements Cosigning.Memory {
        @Override
        public Optional<String> kept() {
            return table.remembered(name);
        }

        @Override
        public void keep(String text) {
            table.remember(name, text);
        }
    }

    /** Signs what is pending now, due or not. */
    void flush() throws IOException {
        sequencer.flush();
    }

    /** The witnesses, by their names. */
    Map<String, WitnessStatus> witnesses() {
        Map<String, WitnessStatus> all = new LinkedHashMap<>();
        cosignings.forEach(one -> all.put(one.name(), one.status()));
        return all;
    }

    /**
     * Takes away what is kept no longer, if the settings say so.
     *
     * @param now by a clock that nobody can set ahead for a moment
     * @param tiers that have to have it first, as every witness and every receiver does
     */
    void prune(Instant now, List<TierRoom> tiers) throws IOException {
        Optional<Duration> keep = ground.rules.audit().keep();
        if (keep.isEmpty() || sequencer.size() == 0) {
            return;
        }
        Pruner pruner = new Pruner(ground.home.audit(), keep.get(), ground.holds::isHeld);
        new DailyPrune(pruner, ground.table, ground.problems)
                .step(now, () -> elsewhere(tiers), ground.events::record, this::flush);
    }

    /** How many events every tier, every witness and every receiver has. */
    private long elsewhere(List<TierRoom> tiers) throws IOException {
        long least = Long.MAX_VALUE;
        for (TierRoom tier : tiers) {
            least = Math.min(least, tier.anchor.events());
        }
        for (Cosigning cosigning : cosignings) {
            least = Math.min(least, cosigning.events());
        }
        for (Forwarder forwarder : forwarders) {
            least = Math.min(least, forwarder.events());
        }
        return least;
    }
}
