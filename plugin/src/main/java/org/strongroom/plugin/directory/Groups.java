package org.strongroom.plugin.directory;

import com.unboundid.ldap.sdk.DN;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.strongroom.core.settings.DirectoryGroupSettings;

/** The groups of the settings. Immutable. */
final class Groups {
    private record Known(DN dn, DirectoryGroupSettings settings) {}

    private final List<Known> all;

    /** @throws org.strongroom.core.error.StrongroomException REFUSED if a name is no DN */
    Groups(List<DirectoryGroupSettings> settings) {
        this.all = settings.stream()
                .map(group -> new Known(Syntax.dn("Groups", group.group()), group))
                .toList();
    }

    /** Those that are among {@code memberships}, in the order of the settings. DNs are compared without case and blanks. */
    List<DirectoryGroupSettings> of(Collection<String> memberships) {
        Set<DN> in = memberships.stream()
                .map(Syntax::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        return all.stream()
                .filter(group -> in.contains(group.dn()))
                .map(Known::settings)
                .toList();
    }
}
