package org.strongroom.plugin;

import java.nio.file.Files;
import java.nio.file.Path;
import org.strongroom.core.settings.Configuration;
import org.strongroom.plugin.bridge.Orthanc;

/** Where Orthanc itself keeps what it keeps; it takes a relative folder as one beside its configuration. */
record OrthancFolders(Path configuration, Path storage, Path index) {

    static OrthancFolders of(Orthanc orthanc, Configuration configuration) {
        Path path = Path.of(orthanc.getConfigurationPath());
        Path absolute = path.toAbsolutePath();
        Path base = Files.isDirectory(absolute) ? absolute : absolute.getParent();
        String storage = configuration.orthanc().storageDirectory();
        String index = configuration.orthanc().indexDirectory().orElse(storage);
        return new OrthancFolders(
                path, base.resolve(storage), base.resolve(index).resolve("index"));
    }
}
