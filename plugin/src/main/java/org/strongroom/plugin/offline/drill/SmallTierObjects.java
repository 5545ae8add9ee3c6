package org.strongroom.plugin.offline.drill;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.SnapshotLabel;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.offline.tier.TierContents;
import org.strongroom.plugin.supervise.SmallObjects;

/** The small objects of a tier through the sidecar that serves the living installation: it keeps the credentials, and only reads. Used by one thread. */
final class SmallTierObjects implements SmallObjects {
    private static final List<String> PREFIXES =
            List.of(HomeCopy.PREFIX, KeyBundle.PREFIX, "journal/", SnapshotLabel.PREFIX);

    private final TierContents contents;
    private final String tier;
    private final Path folder;
    private final Runnable progress;
    private final Map<String, Long> sizes = new TreeMap<>();

    /**
     * @param folder for what was read; nothing else may be in it
     * @param progress is told of every object that was read
     */
    SmallTierObjects(TierContents contents, String tier, Path folder, Runnable progress) {
        this.contents = contents;
        this.tier = tier;
        this.folder = folder;
        this.progress = progress;
    }

    @Override
    public Map<String, Long> list() {
        sizes.clear();
        for (String prefix : PREFIXES) {
            contents.objects(tier, prefix, object -> sizes.put(object.name(), object.bytes()));
        }
        return new TreeMap<>(sizes);
    }

    @Override
    public Map<String, Path> get(List<String> names) throws IOException, InterruptedException {
        DurableFiles.createDirectories(folder);
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        Map<String, Path> files = new LinkedHashMap<>();
        for (String name : names) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Long size = sizes.get(name);
            if (size == null) {
                throw StrongroomException.of(FailureKind.NOT_FOUND, "the tier does not list the object")
                        .with("object", name);
            }
            Path file = folder.resolve(String.valueOf(files.size()));
            byte[] content =
                    size == 0 ? new byte[0] : contents.object(tier, name, size).read(0, Math.toIntExact(size));
            Files.write(file, content);
            files.put(name, file);
            progress.run();
        }
        return files;
    }
}
