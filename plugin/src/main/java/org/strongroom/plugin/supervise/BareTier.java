package org.strongroom.plugin.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.home.Home;
import org.strongroom.core.io.DurableFiles;

/**
 * The small objects of a tier, read where there is no installation yet that a sidecar could serve: a process without keys looks,
 * and ends. Used by one thread.
 */
public final class BareTier implements SmallObjects {
    private final Home home;
    private final SidecarCommand sidecar;
    private final String tier;

    /** @param home whose {@code run/settings.json} names the tier */
    public BareTier(Home home, SidecarCommand sidecar, String tier) {
        this.home = home;
        this.sidecar = sidecar;
        this.tier = tier;
    }

    /**
     * Names and sizes of all its objects but packs.
     *
     * @throws StrongroomException UNAVAILABLE if it cannot be read, with what the store said
     */
    @Override
    public Map<String, Long> list() throws IOException, InterruptedException {
        Path folder = emptyFolder();
        look(folder);
        Map<String, Long> objects = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("list"))) {
            int space = line.indexOf(' ');
            objects.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
        }
        return objects;
    }

    /**
     * The content of objects, as files that stay until the next question.
     *
     * @throws StrongroomException UNAVAILABLE if one cannot be read, with what the store said
     */
    @Override
    public Map<String, Path> get(List<String> names) throws IOException, InterruptedException {
        Path folder = emptyFolder();
        if (names.isEmpty()) {
            return Map.of();
        }
        Files.write(folder.resolve("wanted"), names);
        look(folder);
        Map<String, Path> files = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            files.put(names.get(i), folder.resolve(String.valueOf(i)));
        }
        return files;
    }

    private Path emptyFolder() throws IOException {
        Path folder = home.run().resolve("look-" + tier);
        DurableFiles.createDirectories(folder);
        try (var old = Files.newDirectoryStream(folder)) {
            for (Path file : old) {
                Files.delete(file);
            }
        }
        return folder;
    }

    private void look(Path folder) throws IOException, InterruptedException {
        Process process = sidecar.process(home, "look", "--tier", tier, "--in", folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw StrongroomException.of(FailureKind.UNAVAILABLE, "the tier cannot be read")
                    .with("tier", tier)
                    .with("said", said.strip())
                    .cure("Look at its address, its credentials and the line");
        }
    }
}
