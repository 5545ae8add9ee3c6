package org.strongroom.sidecar.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether {@code "Plugins"} loads Strongroom, and before all others. Orthanc 1.10 only logs what it cannot load, and runs on. */
final class PluginsList {
    private static final String LIBRARY = "libStrongroom.so";
    private static final String IN_CLEAR = "Orthanc runs without Strongroom and stores every new image in clear";
    private static final String CURE = "put the path of " + LIBRARY + " first in Plugins";
    private static final long LARGEST = 16 << 20;

    private PluginsList() {}

    static List<Finding> examine(List<String> plugins) {
        List<Finding> findings = new ArrayList<>();
        int first = -1;
        List<Path> paths = new ArrayList<>();
        for (String plugin : plugins) {
            paths.add(path(plugin, findings));
        }
        for (int i = paths.size() - 1; i >= 0; i--) {
            Path plugin = paths.get(i);
            if (plugin == null) {
                continue;
            }
            boolean named = plugin.endsWith(LIBRARY);
            if (named || Files.exists(plugin.resolve(LIBRARY))) {
                first = i;
                library(named ? plugin : plugin.resolve(LIBRARY), findings);
            } else if (!Files.exists(plugin)) {
                findings.add(Finding.warning(
                        "Plugins names " + plugin + ", which does not exist",
                        "that plugin does not run; newer Orthancs do not start",
                        "correct the path, or remove it"));
            }
        }
        if (first < 0) {
            findings.add(Finding.serious("Plugins does not name " + LIBRARY, IN_CLEAR, CURE));
        } else if (first > 0 || !paths.get(0).endsWith(LIBRARY)) {
            // Of several plugins that want the same route, the one listed first gets it; in a folder the order is
            // unspecified.
            findings.add(Finding.warning(
                    LIBRARY + (first == 0 ? " is loaded from a folder" : " is not the first of Plugins"),
                    "another plugin may take its routes, or the storage area",
                    CURE));
        }
        return findings;
    }

    /** Null, and a finding, if it is no path at all. */
    private static Path path(String plugin, List<Finding> findings) {
        try {
            return Path.of(plugin);
        } catch (InvalidPathException e) {
            findings.add(Finding.warning(
                    "Plugins holds something that is no path",
                    "that plugin does not run",
                    "correct the path, or remove it"));
            return null;
        }
    }

    private static void library(Path library, List<Finding> findings) {
        try {
            if (!isOurs(library)) {
                findings.add(Finding.serious(
                        library + " is not Strongroom's library",
                        IN_CLEAR,
                        "name " + LIBRARY + " of a whole distribution"));
            } else if (!Files.isDirectory(library.resolveSibling("lib").resolve("plugin"))) {
                findings.add(Finding.serious(
                        library + " stands without its lib folder",
                        "Orthanc does not start",
                        "install the whole distribution, and name the library where it stands"));
            }
        } catch (NoSuchFileException e) {
            findings.add(Finding.serious(
                    "Plugins names " + library + ", which does not exist", IN_CLEAR, "correct the path"));
        } catch (IOException e) {
            findings.add(Finding.serious(
                    library + " cannot be read", IN_CLEAR, "make it readable for the user that runs Orthanc"));
        }
    }

    /** A library says in clear what it exports and which plugin it is. */
    private static boolean isOurs(Path library) throws IOException {
        if (Files.size(library) > LARGEST) {
            return false;
        }
        String content = new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1);
        return content.startsWith("\u007fELF")
                && content.contains("OrthancPluginInitialize")
                && content.contains("Strongroom");
    }
}
