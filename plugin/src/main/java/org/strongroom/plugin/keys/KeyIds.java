package org.strongroom.plugin.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.format.v1.KeySegment;
import org.strongroom.core.home.Home;

/** Which keys a keyring has. Opens none, so it needs no root key. Stateless. */
public final class KeyIds {
    private KeyIds() {}

    /**
     * The ids of all keys of studies and attachments, destroyed ones among them. An Orthanc may be making more meanwhile.
     *
     * @throws StrongroomException CORRUPT if a file of the keyring is damaged, with its name
     */
    public static Set<UUID> in(Home home) throws IOException {
        KeyringFiles files = new KeyringFiles(home);
        Set<UUID> ids = new HashSet<>();
        int last = files.segments();
        for (int number = 1; number <= last; number++) {
            Path segment = files.segment(number);
            byte[] content = files.read(segment);
            try {
                KeySegment.decode(content)
                        .records()
                        .forEach(record -> ids.add(record.label().id()));
            } catch (StrongroomException e) {
                throw files.damaged(segment).causedBy(e);
            }
        }
        return ids;
    }
}
