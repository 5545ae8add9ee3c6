package org.strongroom.plugin.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;
import org.strongroom.core.settings.WayAround;

/** Whether Orthanc's own settings leave a way around Strongroom's. Nobody may believe that tenants are kept apart while they are not. */
final class KeptApart {
    private static final Pattern ATTACHMENT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private KeptApart() {}

    /** @throws StrongroomException REFUSED with the first thing that has to be changed */
    static void require(Configuration configuration) {
        requireNone(WayAround.all(configuration));
    }

    /**
     * For whoever sees a part of what Orthanc finds: Orthanc must tell all of it.
     *
     * @throws StrongroomException REFUSED if it does not
     */
    static void requireAllFound(Configuration configuration) {
        requireNone(configuration.cuts());
    }

    /**
     * Where one tenant is left of several, and something of the others is here: for that alone what has no answer of Strongroom's.
     *
     * @throws StrongroomException REFUSED with the first thing that has to be changed
     */
    static void requireOthersKept(Configuration configuration) {
        List<WayAround> ways = new ArrayList<>();
        if (configuration.orthanc().overwriteInstances()) {
            ways.add(new WayAround(
                    "OverwriteInstances",
                    "Set it to false: studies of other tenants are here, and their images could be replaced"));
        }
        ways.addAll(configuration.cuts());
        for (WayAround way : configuration.unasked()) {
            ways.add(new WayAround(way.setting(), way.cure() + ". Studies of other tenants are here"));
        }
        requireNone(ways);
    }

    /**
     * Whoever sends an image into a study is its owner if it was nobody's: what is in clear would be anybody's who knows its
     * identifiers.
     *
     * @throws StrongroomException REFUSED if there is a file that Orthanc itself stored
     */
    static void requireNothingClear(Path storageDirectory) throws IOException {
        if (!Files.isDirectory(storageDirectory)) {
            return;
        }
        try (Stream<Path> files = Files.find(storageDirectory, 3, (file, kind) -> isAttachment(file))) {
            if (files.findAny().isPresent()) {
                throw StrongroomException.of(FailureKind.REFUSED, "nobody knows whose the images in clear are")
                        .with("StorageDirectory", storageDirectory)
                        .cure("Start without Strongroom.Access and Tenants until strongroom status says that none is"
                                + " left: they are the tenant clinic's then. Move away what cannot be sealed");
            }
        }
    }

    /** As Orthanc lays them: {@code ab/cd/abcd….} */
    private static boolean isAttachment(Path file) {
        String name = file.getFileName().toString();
        return ATTACHMENT.matcher(name).matches()
                && file.getParent().getFileName().toString().equals(name.substring(2, 4));
    }

    private static void requireNone(List<WayAround> ways) {
        ways.stream().findFirst().ifPresent(way -> {
            throw StrongroomException.of(FailureKind.REFUSED, "tenants and users would not be kept apart")
                    .with("setting", way.setting())
                    .cure(way.cure());
        });
    }
}
