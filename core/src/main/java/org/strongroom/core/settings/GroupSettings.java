package org.strongroom.core.settings;

import java.util.List;

/** What membership in a group that is kept elsewhere gives here. Immutable. */
public sealed interface GroupSettings permits DirectoryGroupSettings, OpenIdGroupSettings {
    /** What it is called there. */
    String group();

    /** Roles of its members, in its tenants only. */
    List<String> roles();

    /** Tenants whose studies its members work with. */
    List<String> tenants();
}
