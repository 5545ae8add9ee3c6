package org.strongroom.plugin.recover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.strongroom.core.format.v1.KeyBundle;
import org.strongroom.core.format.v1.KeyRecord;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;
import org.strongroom.core.home.HomeCopy;
import org.strongroom.core.io.DurableFiles;
import org.strongroom.plugin.supervise.SmallObjects;

/** A tier that is a folder of files. */
public record FolderTier(Path root) implements SmallObjects {
    /** With copies of what Home has of {@link HomeCopy}. */
    public static FolderTier of(Path root, Home home) throws IOException {
        FolderTier tier = new FolderTier(Files.createDirectory(root));
        for (HomeCopy copy : HomeCopy.values()) {
            byte[] content = Files.readAllBytes(copy.in(home));
            tier.put(copy.objectName(content), content);
        }
        return tier;
    }

    /** All records of a keyring that has one segment. */
    public static byte[] bundle(Home home) throws IOException {
        List<KeyRecord> records = new ArrayList<>();
        for (String part : List.of("tenants", "records")) {
            try (Stream<Path> files = Files.list(home.keyring().resolve(part))) {
                for (Path file : files.filter(one -> one.toString().endsWith(".strk"))
                        .sorted()
                        .toList()) {
                    records.addAll(KeySegment.decode(Files.readAllBytes(file)).records());
                }
            }
        }
        return new KeyBundle(records.get(0).label().installation(), records).encode();
    }

    public void put(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        DurableFiles.createDirectories(file.getParent());
        Files.write(file, content);
    }

    @Override
    public Map<String, Long> list() throws IOException {
        Map<String, Long> objects = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                objects.put(root.relativize(file).toString(), Files.size(file));
            }
        }
        return objects;
    }

    @Override
    public Map<String, Path> get(List<String> names) {
        Map<String, Path> files = new LinkedHashMap<>();
        names.forEach(name -> files.put(name, root.resolve(name)));
        return files;
    }
}
