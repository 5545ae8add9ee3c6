package org.strongroom.plugin.hold;

import org.strongroom.core.error.FailureKind;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.settings.Configuration;

/** Whether a hold that restricts would be enforced. Nobody may believe that images are shown to nobody while they are. Stateless. */
public final class Enforcement {
    private Enforcement() {}

    /** @throws StrongroomException REFUSED with the first setting by which the images would be shown all the same */
    public static void require(Configuration configuration) {
        if (!configuration.settings().controlsAccess()) {
            throw refused("Strongroom.Access", "none")
                    .cure("Give everybody a user (docs/access.md): where nobody has to log in, nobody can be refused");
        }
        if (configuration.settings().tenants().size() < 2
                && !configuration.settings().recordsStations()) {
            throw refused("Strongroom.Audit.Stations", "false")
                    .cure("Leave it out: Orthanc answers stations by itself then, and shows them everything");
        }
        if (configuration.orthanc().overwriteInstances()) {
            throw refused("OverwriteInstances", "true")
                    .cure("Set it to false: whoever sends an image once more would put another one in its place");
        }
        configuration.unasked().stream().findFirst().ifPresent(way -> {
            throw refused(way.setting()).cure(way.cure());
        });
    }

    private static StrongroomException refused(String setting, String value) {
        return refused(setting).with("value", value);
    }

    private static StrongroomException refused(String setting) {
        return StrongroomException.of(FailureKind.REFUSED, "nobody would enforce a restriction of processing")
                .with("setting", setting);
    }
}
