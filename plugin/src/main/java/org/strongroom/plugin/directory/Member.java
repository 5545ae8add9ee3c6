package org.strongroom.plugin.directory;

import java.util.List;
import org.strongroom.core.settings.DirectoryGroupSettings;

/**
 * Somebody whom the directory knows, and who is in at least one group of the settings. Immutable.
 *
 * @param name one for each entry, in lower case: directories take upper and lower case for the same
 * @param groups those of the settings, in their order
 * @param physicians the user's name as ReferringPhysicianName
 * @param stamp another one for another entry of this name, and after a change of the password where the directory shows that
 */
public record Member(String name, List<DirectoryGroupSettings> groups, List<String> physicians, String stamp) {
    public Member {
        groups = List.copyOf(groups);
        physicians = List.copyOf(physicians);
    }
}
