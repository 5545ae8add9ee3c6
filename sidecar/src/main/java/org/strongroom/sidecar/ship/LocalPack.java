package org.strongroom.sidecar.ship;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.strongroom.core.format.v1.PackLayout;
import org.strongroom.core.home.Home;

/** What this machine still has of a pack. */
public final class LocalPack {
    private LocalPack() {}

    /** Whether every member is here, whole and as it was planned: reads all of it. */
    public static boolean isWhole(Home home, PackLayout layout) throws IOException {
        try {
            new PieceCheck(layout, PackSource.local(home, layout)).check(0, layout.size());
            return true;
        } catch (NoSuchFileException | SourceException e) {
            return false;
        }
    }
}
