package org.strongroom.plugin.offline.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.strongroom.core.cli.ProgressBar;
import org.strongroom.core.control.ControlClient;
import org.strongroom.core.control.FsckLine.Finding;
import org.strongroom.core.control.FsckLine.Kind;
import org.strongroom.core.control.PackLine;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.plugin.keys.Keyring;
import org.strongroom.plugin.offline.place.Place;
import org.strongroom.plugin.offline.tier.Fault;
import org.strongroom.plugin.offline.tier.TierContents;

/** Adds to a comparison what only the keys can tell: whether everything opens. Used by one thread. */
final class DeepCheck {
    private static final int UUID_LENGTH = 36;
    private static final String CURE =
            "Look at the tier; if this machine or another tier has the images, delete the object: it is sent again";
    private static final String STALE_CURE =
            "Find out who brought back something old, here or in the tier; see On a bad day in docs/operations.md";

    private final TierContents contents;
    private final Place place;
    private final Keyring keyring;
    private final FsckReport report;
    private final ProgressBar bar;

    DeepCheck(ControlClient sidecar, Place place, Keyring keyring, FsckReport report, ProgressBar bar) {
        this.contents = TierContents.of(sidecar);
        this.place = place;
        this.keyring = keyring;
        this.report = report;
        this.bar = bar;
    }

    void run() throws IOException {
        new LocalVerification(place.home(), keyring, (file, failure) -> {
                    String below = place.home().root().relativize(file).toString();
                    if (!report.knows(Kind.corrupt, null, null, null, below)
                            && !report.knows(Kind.orphan, null, null, null, below)) {
                        UUID uuid = UUID.fromString(
                                String.valueOf(file.getFileName()).substring(0, UUID_LENGTH));
                        report.add(new Finding(
                                Kind.corrupt,
                                failure.text(),
                                uuid,
                                null,
                                null,
                                below,
                                null,
                                "Read the image once in Orthanc: the file is set aside, and a tier's copy is fetched"));
                    }
                })
                .run(shards -> bar.show(shards, LocalVerification.SHARDS, "opening what is here"));
        List<PackLine> packs = new ArrayList<>();
        contents.packs(packs::add);
        for (String tier : place.settings().tiers().keySet()) {
            tier(tier, packs);
        }
    }

    private void tier(String tier, List<PackLine> packs) throws IOException {
        long bytes = packs.stream()
                .filter(pack -> pack.tiers().contains(tier))
                .mapToLong(PackLine::bytes)
                .sum();
        try {
            new Verification(
                            contents,
                            keyring,
                            place.home(),
                            tier,
                            done -> bar.show(done, bytes, "opening tier " + tier))
                    .run(packs)
                    .faults()
                    .forEach(fault -> add(tier, fault));
        } catch (StrongroomException e) {
            if (!e.kind().retryable()) {
                throw e;
            }
            report.notCompared("tier " + tier + ": " + e.text());
        }
    }

    private void add(String tier, Fault fault) {
        if (fault.kind() == FailureKind.STALE && report.knows(Kind.orphan, null, tier, fault.object(), null)) {
            return;
        }
        Kind kind = fault.kind() == FailureKind.NOT_FOUND ? Kind.missing : Kind.corrupt;
        if (!report.knows(kind, fault.attachment(), tier, fault.object(), null)) {
            report.add(new Finding(
                    kind,
                    fault.message(),
                    fault.attachment(),
                    tier,
                    fault.object(),
                    null,
                    null,
                    fault.kind() == FailureKind.STALE ? STALE_CURE : CURE));
        }
    }
}
