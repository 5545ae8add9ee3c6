package org.strongroom.sidecar;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.TierSettings;
import org.strongroom.sidecar.audit.AnchorName;
import org.strongroom.sidecar.marker.TierMarker;
import org.strongroom.sidecar.tier.OpenedTier;
import org.strongroom.sidecar.tier.Tier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One look into a tier, for a Home that is being made of it: there is no installation yet, nothing is written, nothing understood. */
@Command(
        name = "look",
        description =
                "Without DIR/wanted: write names and sizes of a tier's objects, but for packs and what audit logs say, to DIR/list. With it:"
                        + " write the objects that it names, one a line, to DIR/0, DIR/1 …")
final class Look implements Callable<Integer> {
    private static final List<String> SMALL =
            List.of(TierMarker.OBJECT, HomeCopy.PREFIX, "keys/", "journal/", SnapshotLabel.PREFIX);

    @Option(names = "--home", required = true, description = "Strongroom's Home")
    private Path home;

    @Option(names = "--tier", required = true, description = "Name of the tier in the settings")
    private String name;

    @Option(names = "--in", required = true, paramLabel = "DIR", description = "Folder for questions and answers")
    private Path folder;

    @Override
    public Integer call() throws IOException {
        Configuration configuration = HandedSettings.of(new Home(home)).configuration();
        TierSettings settings = Optional.ofNullable(
                        configuration.settings().tiers().get(name))
                .orElseThrow(() -> StrongroomException.of(FailureKind.REFUSED, "no such tier in the settings"));
        // No other one is opened: what that needs of this machine may be lost, as a file of credentials.
        try (OpenedTier opened = Sidecar.factory(Sidecar.uplink(configuration)).open(name, settings)) {
            Path wanted = folder.resolve("wanted");
            if (Files.exists(wanted)) {
                get(opened.tier(), Files.readAllLines(wanted));
            } else {
                list(opened.tier());
            }
            return 0;
        }
    }

    private void list(Tier tier) throws IOException {
        List<Tier.ObjectInfo> found = new ArrayList<>();
        SMALL.forEach(prefix -> tier.list(prefix, found::add));
        List<String> logs = new ArrayList<>();
        tier.list(AnchorName.KEYS, key -> logs.add(AnchorName.checkpointsOf(key.name())));
        logs.forEach(checkpoints -> tier.list(checkpoints, found::add)); // how far each log goes is in their names
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("list"))) {
            for (Tier.ObjectInfo object : found) {
                out.write(object.size() + " " + object.name());
                out.newLine();
            }
        }
    }

    private void get(Tier tier, List<String> names) throws IOException {
        for (int i = 0; i < names.size(); i++) {
            String object = names.get(i);
            long size = tier.head(object)
                    .orElseThrow(() -> StrongroomException.of(FailureKind.NOT_FOUND, "the object is gone")
                            .with("object", object))
                    .size();
            Path file = folder.resolve(String.valueOf(i));
            if (size == 0) {
                Files.write(file, new byte[0]);
                continue;
            }
            try (InputStream in = tier.get(object, 0, size)) {
                Files.copy(in, file);
            }
        }
    }
}
