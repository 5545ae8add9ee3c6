package org.strongroom.core.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * A setting by which somebody would get around what Strongroom's settings say of users and tenants. Orthanc does not start with one; the
 * doctor tells of it before. Immutable.
 *
 * @param setting its path in Orthanc's whole configuration
 * @param cure what to change, and why
 */
public record WayAround(String setting, String cure) {
    /**
     * All of them; users of {@code UsersFile} are read now.
     *
     * @throws org.strongroom.core.error.StrongroomException REFUSED if that file cannot be read, or with every problem in it
     */
    public static List<WayAround> all(Configuration configuration) {
        List<WayAround> all = new ArrayList<>(configuration.waysAround());
        if (configuration.settings().controlsAccess()) {
            Users.of(configuration.settings()).forEach((name, user) -> {
                if (!user.aETs().isEmpty()) {
                    all.add(new WayAround(
                            "Strongroom.Access.Users." + name + ".AETs",
                            "Remove it: nobody asks by DICOM in a user's name yet"));
                }
            });
        }
        return List.copyOf(all);
    }
}
